/** What changing a size of each kind may change, in one sentence. */
import type { SizeKind } from '../../batch/table.ts';

export const KINDS: Readonly<Record<SizeKind, { readonly label: string; readonly about: string }>> = {
  chunk: {
    label: 'chunk',
    about: 'How many items share one job: memory and speed change, every result stays equal to the bit.',
  },
  tile: {
    label: 'tile',
    about:
      'How a kernel divides its work: speed changes, and where sums are taken in another order the last digits move, so it is recorded with the result.',
  },
  ring: {
    label: 'ring',
    about: 'How much is under way at once: memory and speed change, every result stays equal to the bit.',
  },
  piece: {
    label: 'piece',
    about: 'How much of a transfer or a file lies in memory at once: memory and speed change, contents stay.',
  },
  statistical: {
    label: 'statistical',
    about: 'Part of the estimator itself: results change, so nothing but you ever changes it.',
  },
};
