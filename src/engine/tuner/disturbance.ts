/** What in a tuning's own measurements shows that something else used the machine meanwhile. Pure. */
import { runRate } from './run-rate.ts';
import { settled } from './settled.ts';
import { significant } from './significant.ts';
import type { TuningResult } from './types.ts';

/** Steps of equal work on a machine left alone stay well within it. */
const QUIET_SPREAD = 2;
/** Two measurements of the same work agree to this share. */
const AGREEMENT = 0.25;

/** Said on the page, on the command line and with the table wherever there are disturbances; what showed them follows. */
export const DISTURBED = 'Disturbed: something else used the machine. Tune again when it is quiet.';

/** Lines for people: none where the measurements agree. */
export function disturbedLines({ disturbances }: Pick<TuningResult, 'disturbances'>): string[] {
  return disturbances.length === 0 ? [] : [`${DISTURBED} ${disturbances.join(' ')}`];
}

/** A sentence for each way in which the measurements contradict one another. */
export function findDisturbances({
  ladder,
  serial,
  verification,
}: Pick<TuningResult, 'ladder' | 'serial' | 'verification'>): string[] {
  const sizes = settled(ladder).filter(({ chunkMs }) => chunkMs !== null);
  if (sizes.length === 0) return [];
  const found: string[] = [];
  const scattered = sizes.filter(({ spread }) => (spread ?? 1) > QUIET_SPREAD);
  if (2 * scattered.length >= sizes.length) {
    found.push(
      `Steps of equal work differ by more than a factor of ${QUIET_SPREAD} in ${scattered.length} of ${sizes.length} batch sizes.`,
    );
  }
  for (const { chunk, chunkMs } of sizes) {
    const slowest = Math.max(...ladder.map((trial) => (trial.chunk === chunk ? (trial.chunkMs ?? 0) : 0)));
    if (slowest > (1 + AGREEMENT) * chunkMs!) {
      found.push(
        `Batch ${chunk} took ${significant(chunkMs!)} ms in one attempt and ${significant(slowest)} ms in another.`,
      );
    }
  }
  const one = sizes.find(({ chunk }) => chunk === 1)?.chunkMs;
  if (one && serial && one > (1 + AGREEMENT) * serial.msPerItem) {
    found.push(
      `Serial took ${significant(serial.msPerItem)} ms an item, batch 1 without the opening ${significant(one)} ms.`,
    );
  }
  const ran = verification.at(-1);
  const rate = ran?.passed ? ran.firstPassItemsPerSecond : null;
  if (ran && rate !== null) {
    const expected = runRate(ladder, ran.items, ran.chunk);
    if (Math.abs(rate / expected - 1) > AGREEMENT) {
      found.push(
        `The real run of batch ${ran.chunk} did ${significant(rate)} items/s in its first pass, the ladder ${significant(expected)}.`,
      );
    }
  }
  return found;
}
