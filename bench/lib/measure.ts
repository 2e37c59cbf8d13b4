/** Timing: contestants take turns, so that whatever else the machine does hits all of them alike. */

export interface Contestant {
  readonly name: string;
  /** Gradients of one step. */
  readonly perStep: number;
  /** Does `steps` steps, each on the result of the last, and resolves when the last result exists. */
  run(steps: number): Promise<void> | void;
}

export interface Rate {
  readonly name: string;
  /** Gradients per second: the median over the rounds, the slowest and the fastest. */
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly steps: number;
}

export interface RoundOptions {
  readonly rounds: number;
  /** A timed batch lasts at least about this long: Deno notices finished work only every 5.5 ms. */
  readonly targetMs: number;
}

/** Milliseconds: of the wall, or of the processors where other work would be in the way. */
export type Clock = () => number | Promise<number>;
export const wall: Clock = () => performance.now();

/** The rates of all contestants, in their order. */
export async function takeTurns(
  contestants: readonly Contestant[],
  { rounds, targetMs }: RoundOptions,
  clock: Clock = wall,
): Promise<Rate[]> {
  const steps: number[] = [];
  for (const contestant of contestants) steps.push(await stepsFor(contestant, targetMs, clock));
  const rates: number[][] = contestants.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, contestant] of contestants.entries()) {
      const ms = await time(contestant, steps[i], clock);
      rates[i].push((contestant.perStep * steps[i] * 1000) / ms);
    }
  }
  return contestants.map(({ name }, i) => ({ name, ...spread(rates[i]), steps: steps[i] }));
}

/** Median, least and greatest. */
export function spread(values: readonly number[]): { median: number; low: number; high: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, low: sorted[0], high: sorted[sorted.length - 1] };
}

/** Steps that last about `targetMs`. The first call also compiles and warms up; it does not count. */
async function stepsFor(contestant: Contestant, targetMs: number, clock: Clock): Promise<number> {
  await contestant.run(1);
  let steps = 1;
  for (;;) {
    const ms = await time(contestant, steps, clock);
    if (ms >= targetMs / 2) return Math.max(1, Math.round((steps * targetMs) / ms));
    steps = Math.ceil(steps * Math.min(8, Math.max(2, targetMs / Math.max(ms, 1))));
  }
}

async function time(contestant: Contestant, steps: number, clock: Clock): Promise<number> {
  const begin = await clock();
  await contestant.run(steps);
  return (await clock()) - begin;
}
