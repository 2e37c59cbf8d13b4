/** What the sizes of the flow experiment are called and change, for people: by key, in the order of the table. */
import type { SizeWords } from '../../batch/entry.ts';

export const flowSizeWords = {
  'flow.chunk': {
    label: 'Observations in a chunk',
    changes:
      'How many observations are sampled together. What “auto” stops at unless the tuner has measured this adapter; the batch size in the form goes before it.',
    memory: 'The positions of all samples of every observation in the chunk.',
  },
  'flow.tileGroups': {
    label: 'Sample groups a workgroup',
    changes:
      'How many samples share a workgroup and with it each weight that is read. Half as many are taken until their activations fit workgroup memory. The answer stays.',
    memory: 'None: workgroup memory only.',
  },
  'flow.cpuRows': {
    label: 'Samples a call on the CPU',
    changes: 'How many samples a call of the network evaluates at most where there is no GPU. The answer stays.',
    memory: 'Activations of two layers for each sample.',
  },
  'flow.trainingBatch': {
    label: 'Training batch',
    changes: 'Simulations whose mean gradient is one step of the optimiser: another batch trains another network.',
    memory: 'Inputs, activations and slopes of every layer for each sample.',
  },
  'flow.trainingTileGroups': {
    label: 'Sample groups a training workgroup',
    changes:
      'How many samples of the training batch share a workgroup. Half as many are taken until their activations fit workgroup memory. The weights stay.',
    memory: 'None: workgroup memory only.',
  },
  'flow.gradientEdge': {
    label: 'Edge of a gradient block',
    changes:
      'Rows and columns of a weight matrix whose gradients a thread sums. Large blocks read less for every product, small ones make more threads. The weights stay.',
    memory: 'None: registers only.',
  },
  'flow.gradientThreads': {
    label: 'Threads a gradient workgroup',
    changes: 'Threads of a workgroup that sums gradients of the weights, one block each. The weights stay.',
    memory: 'None: registers only.',
  },
  'flow.normParts': {
    label: 'Parts of the gradient’s length',
    changes:
      'Stretches of the gradient whose squares are summed at once, for clipping. Sums are taken in another order: the last digits of the weights may move.',
    memory: 'One number a part.',
  },
  'flow.updateThreads': {
    label: 'Threads an optimiser workgroup',
    changes: 'Threads of a workgroup of the optimiser, a block of 4 × 4 weights each. The weights stay.',
    memory: 'None.',
  },
  'flow.lossHistory': {
    label: 'Losses remembered',
    changes: 'Training steps whose loss the device keeps until it is read; older ones are missing from the curve.',
    memory: 'One number a step.',
  },
  'flow.trainingLookGroups': {
    label: 'Particles in a look at a training',
    changes: 'Samples of one observation that are drawn every few seconds by the network so far.',
    memory: 'Their positions, and a second copy of the weights while they are drawn.',
  },
  'flow.stagingBytes': {
    label: 'Staging for samples',
    changes: 'Samples leave the GPU in pieces of at most this size, in whole groups.',
    memory: 'One buffer of this size, or of the chunk’s samples where those are smaller.',
  },
  'flow.peekGroups': {
    label: 'Particles in a look',
    changes: 'Most particles of an observation that the live view is shown.',
    memory: 'Their positions, once for each look under way.',
  },
  'flow.peekSlots': {
    label: 'Looks under way',
    changes: 'Looks at moving particles that may be on their way at once; with all taken a look is skipped.',
    memory: 'The positions of one look each.',
  },
} as const satisfies Readonly<Record<string, SizeWords>>;
