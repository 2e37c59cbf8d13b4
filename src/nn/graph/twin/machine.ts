/** The machine in f64: every row by itself, gradients of a row summed first and then added. */
import { type Graph, numbersOf } from '../graph.ts';
import type {
  BackwardOptions,
  Direction,
  Machine,
  MachineOptions,
  Machines,
  Moments,
  MomentsRequest,
  Patch,
  Reals,
  RowBatch,
} from '../machine.ts';
import { MomentSums } from './moments.ts';
import { lossesOf, plantSeed } from './output.ts';
import { type Parameters, Row } from './row.ts';
import { headStatisticsOf, lensOf } from './statistics.ts';
import { backwardOf, forwardOf, tangentOf, turnOf } from './walk.ts';

export const twinMachines: Machines = {
  arithmetic: 'f64',
  open: async (options, theta) => new TwinMachine(options, theta),
};

class TwinMachine implements Machine {
  readonly graph: Graph;
  readonly arithmetic = 'f64';
  readonly options: MachineOptions;
  readonly #vectors = new Map<string, Float64Array>();
  readonly #moments = new Map<string, MomentSums>();
  #rows: Row[] = [];
  #batch: RowBatch = {};
  #parameters: Parameters;

  constructor(options: MachineOptions, theta: ArrayLike<number>) {
    this.options = options;
    this.graph = options.graph;
    if (theta.length !== this.graph.size)
      throw new RangeError(`θ has ${theta.length} numbers, and ${this.graph.size} are the graph's`);
    for (const name of options.vectors) this.#vectors.set(name, new Float64Array(this.graph.size));
    this.#vectors.set('theta', Float64Array.from(theta));
    this.#parameters = { theta: this.#vector('theta') };
  }

  async forward(batch: RowBatch): Promise<void> {
    const { graph } = this;
    this.#batch = batch;
    this.#parameters = { theta: this.#vector(batch.parameters ?? 'theta') };
    const lengths = lengthsOf(graph, batch, this.options);
    const first = batch.start ? 1 + this.#indexOf(batch.start.value) : 0;
    this.#rows = lengths.map((length, r) => {
      const row = new Row(graph, length, first, batch.ids?.[r] ?? [], batch.targets?.[r] ?? []);
      const begin = batch.start?.numbers[r] ?? batch.numbers?.[r];
      if (begin) row.values.set(this.#begin, Float64Array.from(begin));
      const patches = (batch.patches ?? []).filter((patch) => patch.row === r);
      patch(row, patches, this.#begin);
      for (const op of graph.operations.slice(first)) {
        forwardOf(op, row, this.#parameters);
        patch(row, patches, op.out);
      }
      return row;
    });
  }

  async backward({ seed, into, square, until }: BackwardOptions): Promise<void> {
    const last = until === undefined ? 0 : 1 + this.#indexOf(until);
    for (const [r, row] of this.#rows.entries()) {
      row.adjoints.clear();
      plantSeed(seed, row, r, false);
      const gradient = into === undefined ? undefined : new Float64Array(this.graph.size);
      for (const op of this.#from(row, last)) backwardOf(op, row, { ...this.#parameters, gradient });
      if (gradient) addInto(this.#vector(into!), gradient, square);
    }
  }

  async tangent({ parameters, start }: Direction): Promise<void> {
    const direction = parameters === undefined ? undefined : this.#vector(parameters).slice();
    this.#parameters = { ...this.#parameters, direction };
    for (const [r, row] of this.#rows.entries()) {
      row.tangents.clear();
      const begin = start?.[r];
      const from = this.#begin;
      const add = () => {
        const into = row.tangents.of(from);
        for (let i = 0; i < into.length; i++) into[i] += begin![i];
      };
      if (begin && row.first > 0) add();
      else if (begin && this.graph.input.kind === 'numbers') add();
      for (const op of this.graph.operations.slice(row.first)) {
        tangentOf(op, row, this.#parameters);
        if (begin && op.out === from) add();
      }
    }
  }

  async tangentBackward({ seed, into, square, until }: BackwardOptions): Promise<void> {
    if (square) throw new RangeError('products with curvature are summed, not squared');
    const last = until === undefined ? 0 : 1 + this.#indexOf(until);
    for (const [r, row] of this.#rows.entries()) {
      row.adjoints.clear();
      row.turns.clear();
      plantSeed(seed, row, r, true);
      const gradient = into === undefined ? undefined : new Float64Array(this.graph.size);
      for (const op of this.#from(row, last)) turnOf(op, row, { ...this.#parameters, gradient });
      if (gradient) addInto(this.#vector(into!), gradient);
    }
  }

  async read(what: 'value' | 'adjoint' | 'tangent', value: string): Promise<readonly Reals[]> {
    return this.#rows.map(({ values, adjoints, tangents }) =>
      (what === 'value' ? values : what === 'adjoint' ? adjoints : tangents).of(value).slice(),
    );
  }

  async losses(): Promise<readonly Reals[]> {
    return this.#rows.map(lossesOf);
  }

  async patterns(block: number): Promise<readonly Reals[]> {
    return this.read('value', this.graph.blocks[block].pattern);
  }

  async headStatistics(block: number): Promise<readonly Reals[]> {
    return this.#rows.map((row) => headStatisticsOf(row, this.graph.blocks[block].pattern));
  }

  async lens(value: string): Promise<readonly Reals[]> {
    return this.#rows.map((row) => lensOf(row, value, this.#parameters));
  }

  async addMoments({ name, x, y, xMean, yMean }: MomentsRequest): Promise<void> {
    const [wx, wy] = [this.graph.widths[x], this.graph.widths[y]];
    const sums = this.#moments.get(name) ?? new MomentSums(wx, wy);
    this.#moments.set(name, sums);
    for (const { length, values } of this.#rows)
      for (let t = 0; t < length; t++) {
        const at = (value: string, width: number, means: ArrayLike<number>) =>
          values
            .of(value)
            .subarray(t * width, (t + 1) * width)
            .map((number, i) => number - means[i]);
        sums.add(at(x, wx, xMean), at(y, wy, yMean));
      }
  }

  async takeMoments(name: string): Promise<Moments> {
    const sums = this.#moments.get(name);
    if (!sums) throw new RangeError(`no moments were added to ${name}`);
    this.#moments.delete(name);
    return sums.take();
  }

  async write(vector: string, numbers: ArrayLike<number>): Promise<void> {
    this.#vector(vector).set(numbers);
  }

  async readVector(vector: string): Promise<Reals> {
    return this.#vector(vector).slice();
  }

  async combine(target: string, terms: readonly (readonly [factor: number, vector: string])[]): Promise<void> {
    const sum = new Float64Array(this.graph.size);
    for (const [factor, name] of terms) {
      const vector = this.#vector(name);
      for (let i = 0; i < sum.length; i++) sum[i] += factor * vector[i];
    }
    this.#vector(target).set(sum);
  }

  async dots(a: string, b: string): Promise<Float64Array> {
    const [x, y] = [this.#vector(a), this.#vector(b)];
    return Float64Array.from(this.graph.parameters, ({ at, shape }) => {
      let sum = 0;
      for (let i = at; i < at + numbersOf(shape); i++) sum += x[i] * y[i];
      return sum;
    });
  }

  close(): void {
    this.#rows = [];
    this.#vectors.clear();
    this.#moments.clear();
  }

  /** Where rows begin. */
  get #begin(): string {
    return this.#batch.start?.value ?? this.graph.embedded;
  }

  /** Of the operation that gives a value; −1 for what rows bring. */
  #indexOf(value: string): number {
    return this.graph.operations.findIndex(({ out }) => out === value);
  }

  /** Operations of a row from the last to the one behind `last`. */
  #from(row: Row, last: number) {
    return this.graph.operations.slice(Math.max(row.first, last)).reverse();
  }

  #vector(name: string): Float64Array {
    const vector = this.#vectors.get(name);
    if (!vector) throw new RangeError(`there is no vector ${name}`);
    return vector;
  }
}

/** Positions of every row. @throws RangeError for rows that the machine was not made for */
export function lengthsOf(graph: Graph, batch: RowBatch, { rows, length }: MachineOptions): number[] {
  const lengths =
    graph.input.kind === 'numbers'
      ? (batch.numbers ?? batch.start?.numbers)?.map(() => 1)
      : batch.ids?.map((ids) => ids.length);
  if (!lengths) throw new RangeError('rows bring neither ids nor numbers');
  if (lengths.length > rows || lengths.some((own) => own > length || own < 1))
    throw new RangeError(
      `rows of ${Math.max(...lengths)} positions, ${lengths.length} of them: more than ${rows} × ${length}`,
    );
  return lengths;
}

function patch(row: Row, patches: readonly Patch[], value: string): void {
  for (const { value: at, position, from, numbers } of patches)
    if (at === value) row.values.of(value).set(Array.from(numbers), position * row.width(value) + from);
}

function addInto(target: Float64Array, own: Float64Array, square = false): void {
  for (let i = 0; i < target.length; i++) target[i] += square ? own[i] * own[i] : own[i];
}
