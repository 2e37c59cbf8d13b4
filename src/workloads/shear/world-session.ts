/** A session in the world axes of an image's header, around one in pixel axes: its draws, fits and looks are turned (`sky-axes.ts`). */
import type { PosteriorItem } from '../../results/posterior/item.ts';
import type { ChunkProgress, ItemFailure, Session } from '../workload.ts';
import type { ShearPeek } from './peek.ts';
import { type Pair, type Turn, toWorld, turnedWidths } from './sky-axes.ts';

/** Pairs of parameters with spin 2. */
const SPIN_2 = [
  ['g1', 'g2'],
  ['e1', 'e2'],
] as const;

export class WorldSession implements Session<PosteriorItem> {
  readonly #session: Session<PosteriorItem>;
  readonly #turn: Turn;
  /** Where the two of each pair are among the parameters. */
  readonly #pairs: readonly Pair[];

  constructor(session: Session<PosteriorItem>, turn: Turn, parameterNames: readonly string[]) {
    this.#session = session;
    this.#turn = turn;
    this.#pairs = SPIN_2.map(([one, two]): Pair => [parameterNames.indexOf(one), parameterNames.indexOf(two)]).filter(
      ([one]) => one >= 0,
    );
  }

  start(items: readonly number[]): Promise<void> {
    return this.#session.start(items);
  }

  advance(budgetMs: number, maxSteps?: number): Promise<ChunkProgress> {
    return this.#session.advance(budgetMs, maxSteps);
  }

  async peek(item: number, chain: number): Promise<ShearPeek | undefined> {
    const peek = (await this.#session.peek(item, chain)) as ShearPeek | undefined;
    const { own } = peek ?? {};
    return peek && { ...peek, own: own && { ...own, positions: own.positions.map((each) => this.#values(each)) } };
  }

  async collect(): Promise<PosteriorItem[]> {
    return (await this.#session.collect()).map((item) => this.#item(item));
  }

  failures(): readonly ItemFailure[] {
    return this.#session.failures?.() ?? [];
  }

  close(): void {
    this.#session.close();
  }

  #item({ parameters, fit, ...item }: PosteriorItem): PosteriorItem {
    const turned = [...parameters];
    const sd = [...fit.sd];
    for (const [one, two] of this.#pairs) {
      const [a, b] = [parameters[one].values, parameters[two].values];
      const values: [Float64Array, Float64Array] = [new Float64Array(a.length), new Float64Array(a.length)];
      for (let i = 0; i < a.length; i++) [values[0][i], values[1][i]] = toWorld(this.#turn, [a[i], b[i]]);
      turned[one] = { ...parameters[one], values: values[0] };
      turned[two] = { ...parameters[two], values: values[1] };
      [sd[one], sd[two]] = turnedWidths(this.#turn, [sd[one], sd[two]]);
    }
    return { ...item, parameters: turned, fit: { ...fit, mean: this.#values(fit.mean), sd } };
  }

  #values(pixel: readonly number[]): number[] {
    const values = [...pixel];
    for (const [one, two] of this.#pairs) [values[one], values[two]] = toWorld(this.#turn, [pixel[one], pixel[two]]);
    return values;
  }
}
