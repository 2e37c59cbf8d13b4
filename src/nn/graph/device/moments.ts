/**
 * Sums over positions that representations are compared by: products of rows (x̃, 1, ‖x̃‖²) and (ỹ, 1, ‖ỹ‖²), summed over positions, hold all of them
 * (`moment_rows.wgsl`). Sums of one name are on the device, carried from call to call; those of others wait here, so that any number of names
 * takes the room of one.
 */
import type { PlannedBuffer } from '../../../gpu/plan.ts';
import type { Moments, MomentsRequest } from '../machine.ts';
import { BINDING, type GraphKernel, graphKernel, inWords } from './kernel.ts';
import type { Layout } from './layout.ts';
import type { Rows } from './rows.ts';

const WORD = 4;
const SUMS = 'moments';
const MEANS = 'momentMeans';
/** Behind a row: 1, and its squared norm. */
const BEHIND = 2;

const filled = (numbers: number) => 4 * Math.ceil(numbers / 4);

/** Rows of one side. The lens reads what it norms from those of x. */
export const momentRows = (side: 'x' | 'y') => `momentRows:${side}`;

/** Width of the widest value that is compared: residual streams and what the last product reads. */
const widest = ({ graph }: Layout) =>
  Math.max(...[graph.final, ...graph.residuals].map((value) => graph.widths[value]));

const meanStride = (layout: Layout) => filled(widest(layout));

export function momentBuffers(layout: Layout): PlannedBuffer[] {
  const { rows, length } = layout.options;
  const width = widest(layout) + BEHIND;
  const buffer = (name: string, numbers: number, formula: string, perRow = 0): PlannedBuffer => ({
    name,
    bytes: WORD * numbers,
    role: 'storage',
    bytesPerItem: WORD * perRow,
    formula: `${formula} × 4 B`,
  });
  const row = `${rows} rows × ${length} positions × ${filled(width)}`;
  return [
    ...(['x', 'y'] as const).map((side) =>
      buffer(momentRows(side), layout.tokens * filled(width), row, length * filled(width)),
    ),
    buffer(SUMS, width * filled(width), `${width} × ${filled(width)} sums`),
    buffer(MEANS, 2 * meanStride(layout), `2 means × ${meanStride(layout)}`),
  ];
}

interface Named {
  readonly x: string;
  readonly y: string;
  count: number;
  /** What is summed so far, while it waits. */
  sums?: Float32Array<ArrayBuffer>;
}

export class MomentSums {
  readonly #rows: Rows;
  readonly #named = new Map<string, Named>();
  /** Whose sums are on the device. */
  #present: string | undefined;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  /** @throws RangeError for values wider than residual streams, for means of another width, and for other values under a name in use */
  async add({ name, x, y, xMean, yMean }: MomentsRequest): Promise<void> {
    const { runtime, layout } = this.#rows;
    const { widths } = layout.graph;
    const [wx, wy] = [widths[x], widths[y]];
    if (!(Math.max(wx, wy) <= widest(layout))) throw new RangeError(`${x} and ${y} are not residual streams`);
    if (xMean.length !== wx || yMean.length !== wy)
      throw new RangeError(`means of ${xMean.length} and ${yMean.length} numbers for ${x} of ${wx} and ${y} of ${wy}`);
    const own = this.#named.get(name) ?? { x, y, count: 0 };
    if (own.x !== x || own.y !== y) throw new RangeError(`${name} holds moments of ${own.x} and ${own.y}`);
    const clear = await this.#bring(name, own);
    const means = new Float32Array(2 * meanStride(layout));
    means.set(Array.from(xMean));
    means.set(Array.from(yMean), meanStride(layout));
    runtime.upload(MEANS, means);
    const kernels = await runtime.bind(`moments|${x}|${y}`, () => momentKernels(layout, x, y));
    await runtime.submit(kernels, clear ? [SUMS] : []);
    own.count += runtime.flight.tokens;
  }

  /** @throws RangeError for a name that nothing was added to */
  async take(name: string): Promise<Moments> {
    const { layout } = this.#rows;
    const own = this.#named.get(name);
    if (!own) throw new RangeError(`no moments were added to ${name}`);
    const sums = this.#present === name ? await this.#fetch(own) : own.sums!;
    this.#named.delete(name);
    if (this.#present === name) this.#present = undefined;
    return momentsOf(sums, layout.graph.widths[own.x], layout.graph.widths[own.y], own.count);
  }

  /** Sees to it that a name's sums are on the device; whether they are to be cleared. */
  async #bring(name: string, own: Named): Promise<boolean> {
    if (this.#present === name) return false;
    const before = this.#present === undefined ? undefined : this.#named.get(this.#present);
    if (before) before.sums = await this.#fetch(before);
    this.#named.set(name, own);
    this.#present = name;
    if (own.sums === undefined) return true;
    this.#rows.runtime.upload(SUMS, own.sums);
    own.sums = undefined;
    return false;
  }

  async #fetch({ x, y }: Named): Promise<Float32Array<ArrayBuffer>> {
    const { runtime, layout } = this.#rows;
    const { widths } = layout.graph;
    return Float32Array.from(await runtime.fetch(SUMS, 0, (widths[x] + BEHIND) * filled(widths[y] + BEHIND)));
  }
}

/** Takes the sums apart: [x̃, 1, ‖x̃‖²] by [ỹ, 1, ‖ỹ‖²]. */
function momentsOf(sums: Float32Array, wx: number, wy: number, count: number): Moments {
  const stride = filled(wy + BEHIND);
  const at = (i: number, j: number) => sums[i * stride + j];
  const column = (j: number) => Float32Array.from({ length: wx }, (_, i) => at(i, j));
  const row = (i: number) => sums.slice(i * stride, i * stride + wy);
  const products = new Float32Array(wx * wy);
  for (let i = 0; i < wx; i++) products.set(row(i), i * wy);
  return {
    count,
    products,
    x: column(wy),
    y: row(wx),
    xByNorm: column(wy + 1),
    yByNorm: row(wx + 1),
    xNorm: at(wx + 1, wy),
    yNorm: at(wx, wy + 1),
    norms: at(wx + 1, wy + 1),
  };
}

export function momentKernels(layout: Layout, x: string, y: string): GraphKernel[] {
  const { widths } = layout.graph;
  return [
    rowsKernel(layout, x, 'x', 0),
    rowsKernel(layout, y, 'y', meanStride(layout)),
    productsKernel(layout, widths[x] + BEHIND, widths[y] + BEHIND),
  ];
}

function rowsKernel(layout: Layout, value: string, side: 'x' | 'y', skip: number): GraphKernel {
  return graphKernel(layout.sizes, {
    module: 'moment_rows',
    buffers: { 1: layout.value(value), 2: MEANS, [BINDING.batch]: 'batch', [BINDING.sink]: momentRows(side) },
    constants: { WIDTH: inWords(layout.graph.widths[value]), MEAN_SKIP: inWords(skip) },
    threads: ({ tokens }) => tokens,
  });
}

function productsKernel(layout: Layout, rows: number, columns: number): GraphKernel {
  const block4 = layout.sizes.gradientOutputs / 4;
  const threads = Math.ceil(rows / 4) * Math.ceil(Math.ceil(columns / 4) / block4);
  return graphKernel(layout.sizes, {
    module: 'moment_products',
    buffers: { 1: momentRows('x'), 2: momentRows('y'), 6: SUMS, [BINDING.batch]: 'batch' },
    constants: { ROWS: inWords(rows), COLUMNS: inWords(columns), BLOCK4: inWords(block4) },
    unroll: { q: block4 },
    threads: () => threads,
  });
}
