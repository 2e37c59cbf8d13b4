/** What the sizes of the cells experiment are called and change, for people: by key, in the order of the table. */
import type { SizeWords } from '../../batch/entry.ts';

export const cellsSizeWords = {
  'cells.softwareThreads': {
    label: 'Threads on software adapters',
    changes:
      'How many threads share a workgroup of the network’s kernels where one thread runs a lane: as many as a register has lanes. Speed alone.',
    memory: 'None: registers and workgroup memory only.',
  },
  'cells.quadRows': {
    label: 'Rows a thread, four lanes together',
    changes:
      'Rows of activations that a thread multiplies at once where the four lanes of a subgroup load weights together. Speed alone.',
    memory: 'None: registers and workgroup memory only.',
  },
  'cells.quadColumns': {
    label: 'Columns a thread, four lanes together',
    changes: 'Columns of a weight that such a thread multiplies at once, a multiple of 4. Speed alone.',
    memory: 'None: registers and workgroup memory only.',
  },
  'cells.laneRows': {
    label: 'Rows a thread, lanes alone',
    changes: 'Rows of activations that a thread multiplies at once on other software adapters. Speed alone.',
    memory: 'None: registers and workgroup memory only.',
  },
  'cells.laneColumns': {
    label: 'Columns a thread, lanes alone',
    changes: 'Columns of a weight that such a thread multiplies at once, a multiple of 4. Speed alone.',
    memory: 'None: registers and workgroup memory only.',
  },
  'cells.quadQueries': {
    label: 'Queries a thread, four lanes together',
    changes: 'Genes whose attention a thread works out at once where lanes load keys together. Speed alone.',
    memory: 'None: registers and workgroup memory only.',
  },
  'cells.laneQueries': {
    label: 'Queries a thread, lanes alone',
    changes: 'Genes whose attention a thread works out at once on other software adapters. Speed alone.',
    memory: 'None: registers and workgroup memory only.',
  },
  'cells.rowThreads': {
    label: 'Threads of kernels over rows',
    changes: 'How many threads share a workgroup of the kernels that multiply nothing, on a GPU. Speed alone.',
    memory: 'None: registers and workgroup memory only.',
  },
  'cells.tileBlockRows': {
    label: 'Rows a thread of a tile',
    changes: 'Rows of activations that a thread multiplies at once on a GPU. Speed alone.',
    memory: 'None: registers and workgroup memory only.',
  },
  'cells.tileBlockColumns': {
    label: 'Columns a thread of a tile',
    changes: 'Columns of a weight that a thread multiplies at once on a GPU, a multiple of 4. Speed alone.',
    memory: 'None: registers and workgroup memory only.',
  },
  'cells.tileRowThreads': {
    label: 'Threads below each other in a tile',
    changes: 'With the rows a thread the height of the tile that a workgroup multiplies. Speed alone.',
    memory: 'None: registers and workgroup memory only.',
  },
  'cells.tileColumnThreads': {
    label: 'Threads beside each other in a tile',
    changes: 'With the columns a thread the width of the tile that a workgroup multiplies. Speed alone.',
    memory: 'None: registers and workgroup memory only.',
  },
  'cells.tileInner': {
    label: 'Inputs of a tile',
    changes: 'Inputs that lie in workgroup memory at once, a multiple of 4. Speed alone.',
    memory: 'None: registers and workgroup memory only.',
  },
  'cells.attentionThreads': {
    label: 'Queries of a workgroup',
    changes: 'Genes whose attention a workgroup works out over the same tiles of keys, on a GPU. Speed alone.',
    memory: 'None: registers and workgroup memory only.',
  },
  'cells.attentionKeys': {
    label: 'Keys of a tile',
    changes: 'Keys and values that lie in workgroup memory at once, a multiple of 4. Speed alone.',
    memory: 'None: registers and workgroup memory only.',
  },
  'cells.normThreads': {
    label: 'Threads of a norm',
    changes: 'Threads that share a row in a layer norm on a GPU: it orders the row’s sums.',
    memory: 'None: registers and workgroup memory only.',
  },
  'cells.chunk': {
    label: 'Cells in a chunk',
    changes: 'How many cells are sampled in lock-step as one job.',
    memory: 'Activations of every gene of every cell in the chunk, and their tokens.',
  },
  'cells.rowsAtOnce': {
    label: 'Genes predicted at once',
    changes: 'How many genes of all cells are predicted and drawn together in a step; at least those of one cell.',
    memory: 'A logit for every bin of each, twice with guidance.',
  },
  'cells.drawThreads': {
    label: 'Genes in a workgroup',
    changes: 'How many genes share a workgroup when tokens are drawn: speed alone, as they share nothing else.',
    memory: 'None.',
  },
  'cells.stagingBytes': {
    label: 'Staging for tokens',
    changes: 'Tokens leave the GPU in pieces of at most this size, in whole cells.',
    memory: 'One buffer of this size, or of the chunk’s tokens where those are smaller.',
  },
  'cells.lookCells': {
    label: 'Cells in a look',
    changes: 'Most cells that the live view is shown.',
    memory: 'Their tokens, once for each look under way.',
  },
  'cells.lookSlots': {
    label: 'Looks under way',
    changes: 'Looks at cells that may be on their way at once; with all taken a look is skipped.',
    memory: 'The tokens of one look each.',
  },
  'cells.h5adTogether': {
    label: 'Values packed together',
    changes: 'generated.h5ad is packed in pieces of so many values: readers unpack one to have one of them.',
    memory: 'So many values of four bytes, and what they pack to.',
  },
  'cells.trainingBatch': {
    label: 'Training batch',
    changes: 'Cells whose mean gradient is one step of the optimiser: another batch trains another network.',
    memory: 'Activations of every gene of every layer for each cell, and slopes of one layer.',
  },
  'cells.judgedCells': {
    label: 'Cells judged at once',
    changes: 'Held-out cells whose likelihood is bounded together. The bound stays.',
    memory: 'Activations of one layer for every gene of each.',
  },
  'cells.linearRows': {
    label: 'Rows of a product’s block',
    changes: 'Rows of activations that a thread of a training multiplies by weights. The weights stay.',
    memory: 'None: registers only.',
  },
  'cells.linearQuads': {
    label: 'Columns of a product’s block',
    changes: 'Columns, in fours, of a product that a thread of a training sums. The weights stay.',
    memory: 'None: registers only.',
  },
  'cells.gradientQuads': {
    label: 'Edge of a gradient block',
    changes: 'Rows and columns, in fours, of a weight matrix whose slopes a thread sums. The weights stay.',
    memory: 'None: registers only.',
  },
  'cells.gradientParts': {
    label: 'Parts of a gradient',
    changes:
      'Stretches of the batch over which slopes of a weight are summed at once. Sums are taken in another order: the last digits of the weights may move.',
    memory: 'A copy of the largest weight for each.',
  },
  'cells.attentionQueries': {
    label: 'Queries a thread',
    changes: 'Queries, or keys, of attention that a thread of a training has. The weights stay.',
    memory: 'None: registers only.',
  },
  'cells.trainingThreads': {
    label: 'Threads a training workgroup',
    changes: 'Threads of a workgroup of the kernels of a training. The weights stay.',
    memory: 'None.',
  },
  'cells.normParts': {
    label: 'Parts of the gradient’s length',
    changes:
      'Stretches of the gradient whose squares are summed at once, for clipping. Sums are taken in another order: the last digits of the weights may move.',
    memory: 'One number a part.',
  },
  'cells.lossHistory': {
    label: 'Losses remembered',
    changes: 'Training steps whose loss the device keeps until it is read; older ones are missing from the curve.',
    memory: 'One number a step.',
  },
  'cells.laneGradientQuads': {
    label: 'Edge of a gradient block, lanes alone',
    changes: 'The same on software adapters, where reading is what costs. The weights stay.',
    memory: 'None: registers only.',
  },
  'cells.laneGradientParts': {
    label: 'Parts of a gradient, lanes alone',
    changes:
      'Stretches of the batch over which slopes of a weight are summed at once on software adapters. The last digits of the weights may move.',
    memory: 'A copy of the largest weight for each.',
  },
  'cells.laneTrainingQueries': {
    label: 'Queries of a training a thread, lanes alone',
    changes: 'Queries, or keys, of attention that a thread of a training has on software adapters. The weights stay.',
    memory: 'None: registers only.',
  },
} as const satisfies Readonly<Record<string, SizeWords>>;
