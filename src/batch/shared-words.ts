/** What the sizes of files, statistics and the device are called and change, for people: by key, in the order of the table. */
import type { SizeWords } from './entry.ts';

export const sharedSizeWords = {
  'c2st.batch': {
    label: 'Batch of the classifier test',
    changes:
      'Points of one step of the classifier’s training: scikit-learn’s 200, as sbibm defines C2ST. Another number is another measure.',
    memory: 'Activations of the classifier for each point.',
  },
  'gpu.submitsInFlight': {
    label: 'Submits in flight',
    changes: 'Submits that the device holds at once: with two it starts the next while the host hears of the last.',
    memory: 'Timestamps of one submit more than this: 272 bytes each.',
  },
  'bundle.exportBytes': {
    label: 'Piece of an export',
    changes: 'The archive is handed to the browser, which may keep it on disk, whenever this much is ready.',
    memory: 'This much at a time.',
  },
  'bundle.drawsBytes': {
    label: 'Piece of draws written',
    changes: 'posterior_all.nc, but what is packed in it, is written in pieces of this size.',
    memory: 'This much at a time.',
  },
  'bundle.readBytes': {
    label: 'Piece of a bundle read',
    changes: 'Bundles are read and verified in slices of this size.',
    memory: 'This much at a time.',
  },
  'bundle.inflateBytes': {
    label: 'Piece of a bundle unpacked',
    changes:
      'Packed files of a bundle are inflated in pieces of this size, so that a file that grows too much is noticed early.',
    memory: 'This much packed, and what it inflates to.',
  },
} as const satisfies Readonly<Record<string, SizeWords>>;
