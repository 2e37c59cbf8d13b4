/** Rows in flight: the forward pass, and what is computed of them only when it is asked for (logits, losses). */
import type { Patch, Reals, RowBatch } from '../machine.ts';
import { batchOf } from './batch.ts';
import type { PassContext } from './context.ts';
import { forwardKernels } from './forward.ts';
import type { Layout } from './layout.ts';
import { THETA } from './layout.ts';
import { lossKernels } from './loss.ts';
import { producerOf } from './operations.ts';
import { type Dispatch, packedRows, type Runtime } from './runtime.ts';

export class Rows {
  readonly runtime: Runtime;
  /** Where rows begin: the first value, or the start that was given. */
  begin = '';
  /** A start was given: operations before it have no values. */
  started = false;
  /** Ids of every row; none of a network that takes numbers. */
  ids: readonly ArrayLike<number>[] = [];
  /** Of the last pass of tangents over these rows. */
  along: { readonly parameters?: string } | undefined;
  #outputReady = false;
  #lossesReady = false;

  constructor(runtime: Runtime) {
    this.runtime = runtime;
  }

  get layout(): Layout {
    return this.runtime.layout;
  }

  /** What passes over these rows compute with. */
  get context(): PassContext {
    return { layout: this.layout, theta: this.runtime.theta };
  }

  /** @throws RangeError for rows, ids, numbers or patches that do not fit */
  async forward(batch: RowBatch): Promise<void> {
    const { runtime, layout } = this;
    const { graph, options } = layout;
    const lengths = lengthsOf(layout, batch);
    const { flight, words } = batchOf(batch, lengths, options.length);
    runtime.flight = flight;
    runtime.theta = batch.parameters ?? THETA;
    runtime.upload('batch', words);
    this.begin = graph.embedded;
    this.started = batch.start !== undefined;
    const { start, numbers, targets } = batch;
    const given =
      start ?? (numbers && graph.input.kind === 'numbers' ? { value: graph.input.value, numbers } : undefined);
    if (given) {
      const { value } = given;
      const packed = packedRows(given.numbers, flight, graph.widths[value], layout.stride(value));
      runtime.upload(layout.value(value), packed);
      this.begin = value;
    }
    if (targets && graph.head.kind === 'squared-error')
      runtime.upload('targets', packedRows(targets, flight, graph.head.outputs, layout.stride(graph.output)));
    this.#lossesReady = false;
    this.along = undefined;
    this.ids = batch.ids ?? [];
    await this.#compute(given ? producerOf(graph, given.value) + 1 : 0, batch.patches ?? []);
  }

  /** Operations from `first` on. Patches are written behind the operation that computes their value. */
  async #compute(first: number, patches: readonly Patch[]): Promise<void> {
    const { runtime, layout } = this;
    const { graph } = layout;
    const output = producerOf(graph, graph.output);
    const byOperation = new Map<number, Patch[]>();
    for (const patch of patches) {
      const index = producerOf(graph, patch.value);
      if (index < first - 1) throw new RangeError(`${patch.value} is computed before these rows begin`);
      byOperation.set(index, [...(byOperation.get(index) ?? []), patch]);
    }
    for (const patch of byOperation.get(first - 1) ?? []) this.#write(patch);
    // Logits take a third of the work of a small model, and attribution does without them.
    this.#outputReady = graph.head.kind !== 'cross-entropy' || first > output || byOperation.has(output);
    const end = this.#outputReady ? graph.operations.length : output;
    const kernels = await Promise.all(
      graph.operations.slice(first, end).map((_, index) => this.#operation(first + index)),
    );
    let waiting: Dispatch[] = [];
    for (const [index, dispatches] of kernels.entries()) {
      waiting.push(...dispatches);
      const own = byOperation.get(first + index);
      if (!own) continue;
      await runtime.submit(waiting);
      waiting = [];
      for (const patch of own) this.#write(patch);
    }
    if (waiting.length > 0) await runtime.submit(waiting);
  }

  #operation(index: number): Promise<readonly Dispatch[]> {
    const { theta } = this.runtime;
    return this.runtime.bind(`forward|${theta}|${index}`, () =>
      forwardKernels(this.layout.graph.operations[index], { layout: this.layout, theta }),
    );
  }

  #write({ row, value, position, from, numbers }: Patch): void {
    const { runtime, layout } = this;
    const { starts, rows } = runtime.flight;
    const width = layout.graph.widths[value];
    if (row < 0 || row >= rows || position < 0 || position >= starts[row + 1] - starts[row])
      throw new RangeError(`there is no position ${position} of row ${row}`);
    if (from < 0 || from + numbers.length > width)
      throw new RangeError(`${numbers.length} numbers from column ${from} do not fit ${value} of ${width}`);
    runtime.upload(
      layout.value(value),
      Float32Array.from(numbers),
      (starts[row] + position) * layout.stride(value) + from,
    );
  }

  /** Sees to it that the output is there. */
  async output(): Promise<void> {
    if (this.#outputReady) return;
    const { graph } = this.layout;
    await this.runtime.submit(await this.#operation(producerOf(graph, graph.output)));
    this.#outputReady = true;
  }

  /** Sees to it that `losses` and, of a cross-entropy, `logSums` are there. */
  async lossesThere(): Promise<void> {
    if (this.#lossesReady) return;
    await this.output();
    await this.runtime.submit(await this.runtime.bind('losses', () => lossKernels(this.layout)));
    this.#lossesReady = true;
  }

  async losses(): Promise<readonly Reals[]> {
    await this.lossesThere();
    return this.runtime.fetchRows('losses', 1, 1);
  }

  /** The direction along which derivatives are there. @throws RangeError before `goAlong` */
  direction(): { readonly parameters?: string } {
    if (!this.along) throw new RangeError('there are no derivatives along a direction: go along one first');
    return this.along;
  }

  /** Sees to it that what was computed lazily does not hang on numbers of a vector that are about to change. */
  async settle(vector: string): Promise<void> {
    if (vector === this.runtime.theta && this.begin !== '') await this.output();
  }
}

function lengthsOf({ graph, options }: Layout, { ids, numbers, start }: RowBatch): readonly number[] {
  const width = start && graph.widths[start.value];
  const lengths =
    graph.input.kind === 'numbers'
      ? (start?.numbers ?? numbers ?? []).map(() => 1)
      : (ids?.map(({ length }) => length) ?? start?.numbers.map((row) => row.length / width!) ?? []);
  if (lengths.length === 0 || lengths.length > options.rows)
    throw new RangeError(`${lengths.length} rows, and 1 to ${options.rows} can be in flight`);
  for (const length of lengths)
    if (!Number.isInteger(length) || length < 1 || length > options.length)
      throw new RangeError(`a row of ${length} positions, and 1 to ${options.length} are possible`);
  const { input } = graph;
  if (ids && input.kind === 'tokens')
    for (const row of ids)
      for (let i = 0; i < row.length; i++)
        if (!(Number.isInteger(row[i]) && row[i] >= 0 && row[i] < input.vocabulary))
          throw new RangeError(`id ${row[i]} is not in the vocabulary of ${input.vocabulary}`);
  return lengths;
}
