/** What changing a size of each kind may change, in one sentence. */
import type { SizeKind } from './entry.ts';

export const KIND_MEANINGS: Readonly<Record<SizeKind, string>> = {
  chunk: 'How many items share one job: memory and speed change, every result stays equal to the bit.',
  tile: 'How a kernel divides its work: speed changes, and where sums are taken in another order the last digits move, so it is recorded with the result.',
  ring: 'How much is under way at once: memory and speed change, every result stays equal to the bit.',
  piece: 'How much of a transfer or a file lies in memory at once: memory and speed change, contents stay.',
  statistical: 'Part of the estimator itself: results change, so nothing but you ever changes it.',
};
