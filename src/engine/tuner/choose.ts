/** From measured throughputs to a recommendation. Pure. */
import { formatBytes } from '../bytes.ts';
import { TuningError } from './errors.ts';
import { runRate } from './run-rate.ts';
import type { Choice, LadderTrial } from './types.ts';

/** The knee is the smallest chunk whose throughput is within this share of the best. */
const KNEE_TOLERANCE = 0.05;
/** Share of the largest chunk that fitted which is safe to ask for where the device refused a larger one: other programs use the GPU, too. */
const SAFE_SHARE = 0.9;

export interface ChoiceInput {
  readonly ladder: readonly LadderTrial[];
  /** Items of the run: throughputs are compared over all of it, a shorter last chunk included. */
  readonly items: number;
  readonly largestFitted: number;
  /** The device refused more memory than `largestFitted` takes. */
  readonly refused: boolean;
}

/** Throws `TuningError` when nothing was measured, with the reason of the first trial. */
export function chooseBatch({ ladder, items, largestFitted, refused }: ChoiceInput): Choice {
  const measured = ladder
    .flatMap(({ chunk, itemsPerSecond }) =>
      itemsPerSecond === null ? [] : [{ chunk, itemsPerSecond: runRate(ladder, items, chunk) }],
    )
    .sort((a, b) => a.chunk - b.chunk);
  if (measured.length === 0) {
    const first = ladder.at(0);
    throw new TuningError(
      `No batch size could be measured${first ? `: ${first.reason}` : '.'}`,
      'Choose a smaller problem, or a batch size by hand.',
    );
  }
  const best = measured.reduce((a, b) => (b.itemsPerSecond > a.itemsPerSecond ? b : a));
  const knee = measured.find(({ itemsPerSecond }) => itemsPerSecond >= (1 - KNEE_TOLERANCE) * best.itemsPerSecond)!;
  const largestSafe = refused ? Math.max(1, Math.floor(SAFE_SHARE * largestFitted)) : largestFitted;
  return {
    best: best.chunk,
    bestItemsPerSecond: best.itemsPerSecond,
    knee: knee.chunk,
    kneeItemsPerSecond: knee.itemsPerSecond,
    largestSafe,
    recommended: Math.min(knee.chunk, largestSafe),
  };
}

/** The batch after one that did not pass its verification: ×0.9, at least one smaller; 0 when there is none. */
export function stepDown(chunk: number): number {
  return Math.min(chunk - 1, Math.max(1, Math.floor(SAFE_SHARE * chunk)));
}

export interface SentenceInput {
  readonly largestFitted: number;
  readonly choice: Choice;
  readonly recommended: number;
  readonly recommendedBytes: number;
  readonly itemName: { readonly one: string; readonly many: string };
}

/** "256 realizations fit; 128 is 97 % as fast and uses 412.0 MiB (432,013,312 bytes)". As fast as the fastest chunk measured. */
export function tuningSentence(input: SentenceInput): string {
  const { largestFitted, choice, recommended, recommendedBytes, itemName } = input;
  const fit = largestFitted === 1 ? `1 ${itemName.one} fits` : `${largestFitted} ${itemName.many} fit`;
  const bytes = `uses ${formatBytes(recommendedBytes)}`;
  if (recommended === choice.best) return `${fit}; ${recommended} is the fastest measured and ${bytes}`;
  if (recommended !== choice.knee) return `${fit}; ${recommended} was run for real and ${bytes}`;
  const percent = Math.floor((100 * choice.kneeItemsPerSecond) / choice.bestItemsPerSecond);
  return `${fit}; ${recommended} is ${percent} % as fast and ${bytes}`;
}
