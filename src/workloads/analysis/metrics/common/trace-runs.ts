/** Clean and corrupted runs of one item at a time, kept while places are restored in them. */
import type { Machine } from '../../../../nn/graph/machine.ts';
import type { MetricSetting, Target } from '../metric.ts';
import { idsUpTo } from './items.ts';
import { embeddingsOf } from './paths.ts';
import { corruptedPositions, type Noise, type Place, placesOf, tracedTarget } from './trace-places.ts';

export interface TracedItem {
  readonly target: Target;
  /** One more than positions that are restored: the target itself. */
  readonly ids: readonly number[];
  readonly corrupted: readonly number[];
  readonly places: readonly Place[];
}

export const traced = (setting: MetricSetting): readonly TracedItem[] =>
  setting.items.map((item) => {
    const target = tracedTarget(setting, item);
    const corrupted = corruptedPositions(setting, target);
    return { target, ids: idsUpTo(item, target), corrupted, places: placesOf(setting.graph, corrupted, target) };
  });

/** Values by name, [position × width]. */
type Run = ReadonlyMap<string, Float64Array>;

export class TraceRuns {
  readonly #machine: Machine;
  readonly #setting: MetricSetting;
  readonly #items: readonly TracedItem[];
  readonly #noise: Noise;
  readonly #runs = new Map<string, Run>();

  constructor(machine: Machine, setting: MetricSetting, items: readonly TracedItem[], noise: Noise) {
    this.#machine = machine;
    this.#setting = setting;
    this.#items = items;
    this.#noise = noise;
  }

  /** Embeddings of an item, with the noise of a draw. @param draw none: clean */
  embeddings(item: number, draw?: number): Float64Array {
    const { graph, theta } = this.#setting;
    const { ids, corrupted } = this.#items[item];
    const numbers = embeddingsOf(graph, theta, ids);
    if (draw === undefined) return numbers;
    const width = graph.widths[graph.embedded];
    const noise = this.#noise(item, draw, corrupted.length);
    for (const [c, position] of corrupted.entries())
      for (let i = 0; i < width; i++) numbers[position * width + i] += noise[c * width + i];
    return numbers;
  }

  /** p of the target of rows that begin at a stream. */
  async probabilities(rows: readonly { readonly item: number; readonly draw?: number }[]): Promise<number[]> {
    await this.#machine.forward({
      ids: rows.map(({ item }) => this.#items[item].ids),
      start: {
        value: this.#machine.graph.embedded,
        numbers: rows.map(({ item, draw }) => this.embeddings(item, draw)),
      },
    });
    return this.flying(rows.map(({ item }) => item));
  }

  /** p of the targets of the rows in flight. */
  async flying(items: readonly number[]): Promise<number[]> {
    const losses = await this.#machine.losses();
    return items.map((item, r) => Math.exp(-losses[r][this.#items[item].target.position]));
  }

  /** Every value that places can be restored to or rows begin with. Runs of other items or draws are forgotten. */
  async run(item: number, draw?: number): Promise<Run> {
    const key = `${item} ${draw ?? 'clean'}`;
    const found = this.#runs.get(key);
    if (found) return found;
    for (const other of [...this.#runs.keys()])
      if (!other.startsWith(`${item} `) || (draw !== undefined && !other.endsWith('clean'))) this.#runs.delete(other);
    const { graph } = this.#machine;
    await this.#machine.forward({
      ids: [this.#items[item].ids],
      start: { value: graph.embedded, numbers: [this.embeddings(item, draw)] },
    });
    const run = new Map<string, Float64Array>();
    const outputs = draw === undefined ? graph.blocks.flatMap(({ attention, mlp }) => [attention, mlp]) : [];
    for (const value of [...graph.residuals, ...outputs])
      run.set(value, Float64Array.from((await this.#machine.read('value', value))[0]));
    this.#runs.set(key, run);
    return run;
  }

  /** p after places of one corrupted run are set to another run's; all begin at the same stream. */
  async restored(item: number, draw: number, places: readonly Place[], donor: Run): Promise<number[]> {
    const { graph } = this.#machine;
    const stream = graph.residuals[places[0].layer];
    const numbers = (await this.run(item, draw)).get(stream)!;
    await this.#machine.forward({
      ids: places.map(() => this.#items[item].ids),
      start: { value: stream, numbers: places.map(() => numbers) },
      patches: places.map(({ value, position }, row) => {
        const width = graph.widths[value];
        return {
          row,
          value,
          position,
          from: 0,
          numbers: donor.get(value)!.subarray(position * width, (position + 1) * width),
        };
      }),
    });
    return this.flying(places.map(() => item));
  }

  /** One value of a run that is not kept. */
  async valueOf(item: number, draw: number, value: string): Promise<Run> {
    await this.probabilities([{ item, draw }]);
    return new Map([[value, Float64Array.from((await this.#machine.read('value', value))[0])]]);
  }
}
