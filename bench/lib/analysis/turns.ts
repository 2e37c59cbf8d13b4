/** Everybody in turn, by the wall's clock and by the processors': ratios are taken round by round, where both met the same machine. */
import { type Clock, spread, wall } from '../measure.ts';
import type { AnalysisEntrant } from './entrant.ts';
import type { Quantity } from './problem.ts';

export interface Turns {
  readonly name: string;
  readonly steps: number;
  /** Milliseconds a step, a round each. */
  readonly wall: readonly number[];
  /** NaN where nobody counts it. */
  readonly processor: readonly number[];
}

export interface TurnOptions {
  readonly rounds: number;
  /** A timed batch lasts about so long at least, and is one step where a step lasts longer. */
  readonly targetMs: number;
}

export async function takeAnalysisTurns(
  entrants: readonly AnalysisEntrant[],
  quantity: Quantity,
  { rounds, targetMs }: TurnOptions,
  processor: Clock = () => Number.NaN,
): Promise<Turns[]> {
  const all: { name: string; steps: number; wall: number[]; processor: number[] }[] = [];
  for (const entrant of entrants) {
    const begin = await wall();
    await entrant.run(quantity, 1);
    const steps = Math.max(1, Math.round(targetMs / ((await wall()) - begin)));
    all.push({ name: entrant.name, steps, wall: [], processor: [] });
  }
  for (let round = 0; round < rounds; round++)
    for (const [i, entrant] of entrants.entries()) {
      const { steps, ...own } = all[i];
      const [used, begin] = [await processor(), await wall()];
      await entrant.run(quantity, steps);
      own.wall.push(((await wall()) - begin) / steps);
      own.processor.push(((await processor()) - used) / steps);
    }
  return all;
}

/** Median over rounds of theirs over ours, and the least and greatest. */
export function ratioOf(theirs: readonly number[], ours: readonly number[]) {
  return spread(theirs.map((each, round) => each / ours[round]));
}
