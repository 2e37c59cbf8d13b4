/** One direction from labelled rows, by each method. */
import {
  GRADIENT_DEFAULTS,
  gradientDirection,
  meanDifferenceWeights,
  randomDirection,
  unit,
} from '../../../stats/classification/directions.ts';
import { fastIca } from '../../../stats/classification/ica.ts';
import { logisticByProducts, logisticByRows } from '../../../stats/classification/logistic.ts';
import { combineRows, gramMatrix, norm } from '../../../stats/classification/products.ts';
import { fitRfm } from '../../../stats/classification/rfm.ts';
import { classMoments, cohensD } from '../../../stats/classification/separation.ts';
import type { Method, VectorOptions } from './types.ts';

/** Rows of a layer with what all fits to parts of them share. */
export class LayerRows {
  readonly d: number;
  readonly #scale: Float64Array | undefined;
  #gram: Float64Array | undefined;

  /** @param x [n][d] */
  constructor(
    readonly x: Float64Array,
    readonly n: number,
    rows: VectorOptions['rows'],
  ) {
    this.d = x.length / n;
    if (rows === 'unit')
      this.#scale = Float64Array.from({ length: n }, (_, i) => 1 / (norm(this.#row(i)) + UNIT_FLOOR));
  }

  /** Inner products of the rows as they are, [n][n]. */
  get gram(): Float64Array {
    this.#gram ??= gramMatrix(this.x, this.n);
    return this.#gram;
  }

  take(texts: ArrayLike<number>): Float64Array<ArrayBuffer> {
    const out = new Float64Array(texts.length * this.d);
    for (let i = 0; i < texts.length; i++) out.set(this.#row(texts[i]), i * this.d);
    return out;
  }

  productsOf(texts: ArrayLike<number>): Float64Array<ArrayBuffer> {
    const [m, { gram }] = [texts.length, this];
    return Float64Array.from({ length: m * m }, (_, at) => gram[texts[Math.floor(at / m)] * this.n + texts[at % m]]);
  }

  /** Rows times weights, one for every one of `texts`. */
  combined(texts: ArrayLike<number>, weights: ArrayLike<number>): Float64Array<ArrayBuffer> {
    const all = new Float64Array(this.n);
    for (let i = 0; i < texts.length; i++) all[texts[i]] = weights[i];
    return combineRows(this.x, all);
  }

  /** Projections of some rows. */
  along(texts: ArrayLike<number>, vector: Float64Array): Float64Array<ArrayBuffer> {
    return Float64Array.from(texts, (text) => {
      const row = this.#row(text);
      let sum = 0;
      for (let k = 0; k < this.d; k++) sum += row[k] * vector[k];
      return sum;
    });
  }

  /** What the rows are multiplied by before a probe is fitted. */
  probeScale(text: number): number {
    return this.#scale ? this.#scale[text] : 1;
  }

  #row(i: number): Float64Array {
    return this.x.subarray(i * this.d, (i + 1) * this.d);
  }
}

/** Of the origin: what keeps a row of zeros from being divided by 0. */
const UNIT_FLOOR = 1e-8;

export interface FitQuestion {
  readonly rows: LayerRows;
  /** Labels of all rows. */
  readonly y: Uint8Array;
  /** Rows that it is fitted to. */
  readonly texts: readonly number[];
  /** Of those, the ones by which RFM chooses among its settings. */
  readonly validation: readonly number[];
  readonly seed: number;
}

export interface Direction {
  /** Of length 1, pointing to the positive texts that it was fitted to. */
  readonly vector: Float64Array<ArrayBuffer>;
  /** Length before; 1 where the method has none. */
  readonly norm: number;
}

/** @throws StatsInputError where the rows do not allow it, e.g. one class alone */
export function fitDirection(method: Method, question: FitQuestion): Direction {
  const direction = FITS[method](question);
  return turned(direction, question);
}

const FITS: Readonly<Record<Method, (question: FitQuestion) => Direction>> = {
  mean_diff: ({ rows, y, texts }) => measured(meanDifference(rows, y, texts)),
  probe: ({ rows, y, texts }) => measured(probe(rows, y, texts)),
  gradient: ({ rows, y, texts, seed }) => ({
    vector: gradientDirection(meanDifference(rows, y, texts), { ...GRADIENT_DEFAULTS, seed }),
    norm: 1,
  }),
  ica: (question) => measured(independent(question).best),
  rfm: ({ rows, y, texts, validation }) => {
    const aside = new Set(validation);
    const fitting = texts.filter((text) => !aside.has(text));
    const order = [...fitting, ...validation];
    const { weights } = fitRfm({
      x: rows.take(order),
      y: order.map((text) => y[text]),
      fitting: fitting.length,
    });
    return { vector: unit(rows.combined(fitting, weights)), norm: 1 };
  },
  random: ({ rows, seed }) => ({ vector: randomDirection(rows.d, seed, RANDOM_STREAM), norm: 1 }),
};

/** Stream of the method `random`; controls take those behind it. */
export const RANDOM_STREAM = 0;

function meanDifference(rows: LayerRows, y: Uint8Array, texts: readonly number[]): Float64Array<ArrayBuffer> {
  return rows.combined(texts, meanDifferenceWeights(texts.map((text) => y[text])));
}

/** By inner products where there are fewer rows than numbers in one: a step costs n³ there and d³ otherwise. */
function probe(rows: LayerRows, y: Uint8Array, texts: readonly number[]): Float64Array<ArrayBuffer> {
  const labels = texts.map((text) => y[text]);
  const scale = texts.map((text) => rows.probeScale(text));
  if (texts.length < rows.d) {
    const m = texts.length;
    const products = rows.productsOf(texts).map((value, at) => value * scale[Math.floor(at / m)] * scale[at % m]);
    const { coefficients } = logisticByProducts(products, labels);
    return rows.combined(
      texts,
      coefficients.map((value, i) => value * scale[i]),
    );
  }
  const x = rows.take(texts).map((value, at) => value * scale[Math.floor(at / rows.d)]);
  return logisticByRows(x, labels).weights;
}

/** Component 0, whose place is chance, and the one that sets apart best what it was fitted to. */
export function independent({ rows, y, texts }: FitQuestion): {
  readonly first: Float64Array<ArrayBuffer>;
  readonly best: Float64Array<ArrayBuffer>;
} {
  const n = texts.length;
  const { count, weights } = fastIca(rows.productsOf(texts), n);
  const labels = texts.map((text) => y[text]);
  const found = Array.from({ length: count }, (_, k) => {
    const vector = rows.combined(texts, weights.subarray(k * n, (k + 1) * n));
    return { vector, separation: Math.abs(cohensD({ scores: rows.along(texts, vector), labels })) };
  });
  const best = found.reduce((most, each) => (each.separation > most.separation ? each : most));
  return { first: found[0].vector, best: best.vector };
}

function measured(vector: Float64Array<ArrayBuffer>): Direction {
  return { vector: unit(vector), norm: norm(vector) };
}

/** The direction or its opposite: the one along which the positive texts lie higher. */
export function turned(direction: Direction, { rows, y, texts }: FitQuestion): Direction {
  const scores = rows.along(texts, direction.vector);
  const { positive, negative } = classMoments({ scores, labels: texts.map((text) => y[text]) });
  return positive >= negative ? direction : { ...direction, vector: direction.vector.map((value) => -value) };
}
