/** What the sizes of the tally experiment are called and change, for people: by key, in the order of the table. */
import type { SizeWords } from '../../batch/entry.ts';

export const tallySizeWords = {
  'tally.chunk': {
    label: 'Tables in a chunk',
    changes: 'How many tables are counted in lock-step as one job.',
    memory: 'Counts of every table in the chunk, twice: where they are made, and where they are read back.',
  },
  'tally.threads': {
    label: 'Tables in a workgroup',
    changes: 'How many tables share a workgroup: speed alone, as they share nothing else.',
    memory: 'None.',
  },
  'tally.throwsPerDispatch': {
    label: 'Throws in a dispatch',
    changes: 'How many throws of each table a dispatch counts: fewer answer sooner, more cost less.',
    memory: 'None.',
  },
} as const satisfies Readonly<Record<string, SizeWords>>;
