/** From measured throughputs to a recommendation. Pure. */
import { formatBytes } from '../bytes.ts';
import { TuningError } from './errors.ts';
import { runRate } from './run-rate.ts';
import { settled } from './settled.ts';
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
  const measured = settled(ladder).flatMap(({ chunk, itemsPerSecond }) =>
    itemsPerSecond === null ? [] : [{ chunk, itemsPerSecond: runRate(ladder, items, chunk) }],
  );
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
  /** Of the whole run, from the ladder as in `choice`. */
  readonly recommendedItemsPerSecond: number;
  readonly recommendedBytes: number;
  /** One item at a time, where that was measured. */
  readonly serialItemsPerSecond?: number;
  readonly itemName: { readonly one: string; readonly many: string };
}

/** "256 realizations fit; 128 is 97 % as fast and uses 412.0 MiB (432,013,312 bytes)". As fast as the fastest batch measured. */
export function tuningSentence(input: SentenceInput): string {
  const { largestFitted, choice, recommended, recommendedItemsPerSecond, serialItemsPerSecond = 0, itemName } = input;
  const fit = largestFitted === 1 ? `1 ${itemName.one} fits` : `${largestFitted} ${itemName.many} fit`;
  const percent = Math.min(100, Math.floor((100 * recommendedItemsPerSecond) / choice.bestItemsPerSecond));
  const speed = [];
  if (recommended === choice.best) speed.push('the fastest batch measured');
  else if (choice.best === largestFitted) speed.push(`${percent} % as fast`);
  else speed.push(`${percent} % as fast as ${choice.best}`, 'the fastest batch measured');
  if (serialItemsPerSecond > choice.bestItemsPerSecond) speed.push('slower than one at a time');
  return `${fit}; ${recommended} is ${speed.join(', ')}${speed.length > 1 ? ',' : ''} and uses ${formatBytes(input.recommendedBytes)}`;
}
