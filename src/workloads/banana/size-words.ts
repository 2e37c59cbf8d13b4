/** What the sizes of the banana experiment are called and change, for people: by key, in the order of the table. */
import type { SizeWords } from '../../batch/entry.ts';

export const bananaSizeWords = {
  'banana.chunk': {
    label: 'Posteriors in a chunk',
    changes: 'How many posteriors advance in lock-step as one job.',
    memory: 'Draws of every posterior in the chunk, twice: where they are written, and where they are read back.',
  },
  'banana.threads': {
    label: 'Chains in a workgroup',
    changes: 'How many chains share a workgroup: speed alone, as they share nothing else.',
    memory: 'None.',
  },
  'banana.transitionsPerDispatch': {
    label: 'Transitions in a dispatch',
    changes: 'How many transitions a dispatch runs: fewer answer sooner, more cost less.',
    memory: 'None.',
  },
} as const satisfies Readonly<Record<string, SizeWords>>;
