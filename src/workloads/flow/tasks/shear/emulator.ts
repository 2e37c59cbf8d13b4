/**
 * The noise-free summaries S(g1, g2, x, y) as polynomials: products of Chebyshev polynomials of total degree `DEGREE` in the parameters over
 * `REACH`. Against the model itself the vector S is off by 6e-4 (rms) and at most 1.3e-3 within three standard deviations of the prior,
 * where the noise of each summary is 1.
 * Twin of `shaders/flow/tasks/shear.wgsl`, which reads the same coefficients.
 */
import { DERIVATIVES, parityOf } from './basis.ts';

export const DEGREE = 6;
/** Half-widths of the domain around 0: shear, and position in px, the prior's own. */
export const REACH = [0.25, 0.25, 0.5, 0.5] as const;
export const PARAMETERS = REACH.length;
export const SUMMARIES = DERIVATIVES.length;
/** Of the table, a term: summaries in whole fours, as the kernel reads them. */
export const ROW = 4 * Math.ceil(SUMMARIES / 4);

/** Exponents (a, b, c, d) of every term, d fastest: the order of the table. */
export const TERMS: readonly (readonly number[])[] = termsUpTo(DEGREE, PARAMETERS);

function termsUpTo(degree: number, parameters: number): number[][] {
  if (parameters === 0) return [[]];
  return Array.from({ length: degree + 1 }, (_, a) =>
    termsUpTo(degree - a, parameters - 1).map((rest) => [a, ...rest]),
  ).flat();
}

/** Terms that a summary can have at all: those of its own symmetry. */
export function termsOf(summary: number): number[] {
  const parity = parityOf(DERIVATIVES[summary]);
  const factors = (exponents: readonly number[]) => exponents.flatMap((power, i) => new Array<number>(power).fill(i));
  return TERMS.flatMap((exponents, term) => (parityOf(factors(exponents)) === parity ? [term] : []));
}

/** T0 … T_DEGREE of every parameter over its reach, [PARAMETERS][DEGREE + 1]. */
export function chebyshev(parameters: ArrayLike<number>, out: Float64Array, from = 0, to: number = PARAMETERS): void {
  for (let i = from; i < to; i++) {
    const u = parameters[i] / REACH[i];
    const at = i * STRIDE;
    out[at] = 1;
    out[at + 1] = u;
    for (let n = 2; n <= DEGREE; n++) out[at + n] = 2 * u * out[at + n - 1] - out[at + n - 2];
  }
}

const STRIDE = DEGREE + 1;
/** Powers (c, d) of the position. */
const PAIRS = termsUpTo(DEGREE, 2);

/** Owns its scratch arrays: one instance serves one caller at a time. */
export class ShearEmulator {
  /** Coefficients that are not zero, summary by summary; of each, its two factors in the shear and its pair. */
  readonly #coefficients: Float64Array;
  readonly #places: Uint16Array;
  /** Where each summary's coefficients end. */
  readonly #ends: readonly number[];
  readonly #values = new Float64Array(PARAMETERS * STRIDE);
  /** Polynomials of the position at the shear of the last `setShear`, [SUMMARIES][PAIRS]. */
  readonly #polynomials = new Float64Array(SUMMARIES * PAIRS.length);
  readonly #products = new Float64Array(PAIRS.length);
  #shear: readonly [number, number] = [Number.NaN, Number.NaN];

  /** @param table [TERMS][ROW] */
  constructor(table: Float32Array) {
    const terms = Array.from({ length: SUMMARIES }, (_, k) => termsOf(k));
    this.#ends = terms.map((_, k) => terms.slice(0, k + 1).flat().length);
    this.#coefficients = Float64Array.from(terms.flatMap((own, k) => own.map((term) => table[term * ROW + k])));
    this.#places = Uint16Array.from(
      terms.flat().flatMap((term) => {
        const [a, b, c, d] = TERMS[term];
        return [a, STRIDE + b, PAIRS.findIndex((pair) => pair[0] === c && pair[1] === d)];
      }),
    );
  }

  /** S at (g1, g2, x, y), into `out` [SUMMARIES]. Beyond the reach it is carried on, ever less exact. */
  evaluate(parameters: ArrayLike<number>, out: Float64Array): Float64Array {
    this.setShear(parameters[0], parameters[1]);
    return this.at(parameters[2], parameters[3], out);
  }

  /** For calls of `at`. Asked for the same shear again, it has nothing to do. */
  setShear(g1: number, g2: number): void {
    if (this.#shear[0] === g1 && this.#shear[1] === g2) return;
    this.#shear = [g1, g2];
    const [values, polynomials, places] = [this.#values, this.#polynomials, this.#places];
    chebyshev([g1, g2], values, 0, 2);
    polynomials.fill(0);
    let i = 0;
    for (let k = 0; k < SUMMARIES; k++) {
      const row = k * PAIRS.length;
      for (; i < this.#ends[k]; i++)
        polynomials[row + places[3 * i + 2]] +=
          this.#coefficients[i] * values[places[3 * i]] * values[places[3 * i + 1]];
    }
  }

  /** S at the position (x, y) and the shear of `setShear`. */
  at(x: number, y: number, out: Float64Array): Float64Array {
    const [values, polynomials, products] = [this.#values, this.#polynomials, this.#products];
    chebyshev([0, 0, x, y], values, 2);
    for (let c = 0, pair = 0; c <= DEGREE; c++)
      for (let d = 0; d <= DEGREE - c; d++) products[pair++] = values[2 * STRIDE + c] * values[3 * STRIDE + d];
    for (let k = 0, at = 0; k < SUMMARIES; k++) {
      let sum = 0;
      for (let pair = 0; pair < products.length; pair++) sum += polynomials[at++] * products[pair];
      out[k] = sum;
    }
    return out;
  }
}
