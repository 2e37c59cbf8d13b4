/** What the sizes of the shear experiment are called and change, for people: by key, in the order of the table. */
import type { SizeWords } from '../../batch/entry.ts';

export const shearSizeWords = {
  'shear.chunk': {
    label: 'Posteriors in a chunk',
    changes:
      'How many posteriors advance in lock-step as one job. What “auto” stops at unless the tuner has measured this adapter; the batch size in the form goes before it.',
    memory: 'Stamps, chains and draws of every posterior in the chunk.',
  },
  'shear.threadsPerChain': {
    label: 'Threads per chain',
    changes:
      'How many threads share the pixels of a chain. Fewer are taken where a workgroup has no room for all chains, more where the driver bounds loops. Sums are taken in another order: the last digits move.',
    memory: 'None: registers and workgroup memory only.',
  },
  'shear.chainsPerWorkgroup': {
    label: 'Chains per workgroup',
    changes:
      'Chains side by side in a workgroup where each has one thread: the width of the CPU’s SIMD unit. No sum crosses chains, so the answer stays.',
    memory: 'None.',
  },
  'shear.fitThreads': {
    label: 'Threads per fit workgroup',
    changes: 'Threads of a workgroup of the fit, shared by as many posteriors as have room. The answer stays.',
    memory: 'None.',
  },
  'shear.metricThreads': {
    label: 'Threads per metric workgroup',
    changes: 'Posteriors whose metric is factored side by side, one a thread. The answer stays.',
    memory: 'None.',
  },
  'shear.transitionsPerDispatch': {
    label: 'Transitions per dispatch',
    changes:
      'Most transitions of a chain in one dispatch. Fewer are taken where a driver ends long loops, and as many as fit the time of a submit. The answer stays.',
    memory: 'None.',
  },
  'shear.stagingBytes': {
    label: 'Staging for results',
    changes:
      'Results leave the GPU in pieces of at most this size, in whole posteriors; less than one posterior takes is raised to one.',
    memory:
      'One buffer of this size, or of the chunk’s draws where those are smaller: a part of what the chunk takes, too.',
  },
  'shear.peekSlots': {
    label: 'Looks under way',
    changes: 'Looks at a running chain that may be on their way at once; with all taken a look is skipped.',
    memory: 'A model image and the records of one posterior each.',
  },
} as const satisfies Readonly<Record<string, SizeWords>>;
