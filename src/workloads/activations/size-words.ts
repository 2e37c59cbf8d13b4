/** What the sizes of the activations experiment are called and change, for people: by key, in the order of the table. */
import type { SizeWords } from '../../batch/entry.ts';

export const activationsSizeWords = {
  'activations.rowsAtOnce': {
    label: 'Positions at once',
    changes:
      'How many positions of all texts go through the decoder together in a step; longer prompts go in pieces. At least one for each text of the batch.',
    memory: 'Activations of each, and what is captured of them.',
  },
  'activations.logitRows': {
    label: 'Positions with logits at once',
    changes:
      'How many positions are given a logit for every token in a step, where texts are scored as they are read. At least one for each text of the batch.',
    memory: 'A logit for every token of the vocabulary each.',
  },
  'activations.productThreads': {
    label: 'Threads of a product',
    changes:
      'Threads that share a block of a weight’s columns on a GPU, and the numbers of a row in a norm: it orders the norm’s sums.',
    memory: 'None: registers and workgroup memory only.',
  },
  'activations.softwareThreads': {
    label: 'Threads of a product on software adapters',
    changes: 'The same where one thread runs a lane: as many as a register has lanes.',
    memory: 'None: registers and workgroup memory only.',
  },
  'activations.productRows': {
    label: 'Positions of a product',
    changes: 'Positions for which a thread multiplies weights that it has loaded once. Speed alone.',
    memory: 'None: registers and workgroup memory only.',
  },
  'activations.productPairs': {
    label: 'Pairs of columns a thread',
    changes: 'Pairs of a weight’s columns that a thread multiplies on a GPU. Speed alone.',
    memory: 'None: registers and workgroup memory only.',
  },
  'activations.softwarePairs': {
    label: 'Pairs of columns a thread on software adapters',
    changes: 'The same on software adapters whose lanes read alone. Speed alone.',
    memory: 'None: registers and workgroup memory only.',
  },
  'activations.quadPairs': {
    label: 'Pairs of columns a thread, four lanes together',
    changes: 'The same where the four lanes of a subgroup read inputs together. Speed alone.',
    memory: 'None: registers and workgroup memory only.',
  },
  'activations.productInner': {
    label: 'Inputs of a product at a time',
    changes: 'Inputs of its positions that lie in workgroup memory at once, a multiple of 4. Speed alone.',
    memory: 'None: registers and workgroup memory only.',
  },
  'activations.attentionThreads': {
    label: 'Threads of attention',
    changes: 'Threads that share a position and head in attention on a GPU: it orders sums over keys.',
    memory: 'None: registers and workgroup memory only.',
  },
  'activations.attentionKeys': {
    label: 'Keys of a block',
    changes:
      'Keys whose scores lie in workgroup memory at once, counted from a text’s first: it orders sums over keys.',
    memory: 'None: registers and workgroup memory only.',
  },
  'activations.softwareKeys': {
    label: 'Keys of a block on software adapters',
    changes: 'The same on software adapters.',
    memory: 'None: registers and workgroup memory only.',
  },
  'activations.plainThreads': {
    label: 'Threads of kernels that multiply nothing',
    changes: 'Threads that share a workgroup where each works for itself. Speed alone.',
    memory: 'None.',
  },
  'activations.samplingThreads': {
    label: 'Threads of a draw',
    changes: 'Threads that look through a row of logits together on a GPU. Speed alone: masses are whole numbers.',
    memory: 'None: workgroup memory only.',
  },
  'activations.fusedThreads': {
    label: 'Threads of a text',
    changes: 'Threads that share a text of a small model, a workgroup, on GPUs.',
    memory: 'None.',
  },
  'activations.fusedLanes': {
    label: 'Lanes together',
    changes:
      'Threads of a workgroup on software adapters, where each has texts of its own: as many as a register has lanes.',
    memory: 'None.',
  },
  'activations.fusedOutputs': {
    label: 'Outputs of a thread',
    changes: 'Outputs of a product that a thread has at a time, on GPUs.',
    memory: 'None.',
  },
  'activations.fusedQuadTexts': {
    label: 'Texts of a lane, four lanes together',
    changes: 'Texts of a thread where the four lanes of a subgroup load weights together: a weight serves all of them.',
    memory: 'Numbers of texts that fill up the last workgroup.',
  },
  'activations.fusedLaneTexts': {
    label: 'Texts of a lane',
    changes: 'The same on other software adapters.',
    memory: 'Numbers of texts that fill up the last workgroup.',
  },
  'activations.fusedColumns': {
    label: 'Outputs of a lane',
    changes: 'Outputs of a product that a thread has at a time on software adapters, in fours.',
    memory: 'What fills matrices up to so many outputs.',
  },
  'activations.fusedSharing': {
    label: 'Threads of a norm and a head',
    changes: 'Threads that sum a row for its norm, and share the keys of a head, in small models.',
    memory: 'None.',
  },
  'activations.fusedKeys': {
    label: 'Keys in a block, small models',
    changes: 'Keys whose scores lie in workgroup memory at once.',
    memory: 'None.',
  },
  'activations.searchBanks': {
    label: 'Copies of sums, drawing tokens',
    changes: 'Copies of the sums by which a token is drawn, so that fewer threads wait for each other.',
    memory: 'None.',
  },
  'activations.stagingBytes': {
    label: 'Staging for activations',
    changes: 'Activations of single positions leave the GPU in pieces of at most this size, in whole rows.',
    memory: 'One buffer of this size, or of all rows of a text where those are smaller.',
  },
  'activations.uploadBytes': {
    label: 'Piece of weights read',
    changes: 'Weights are read from their files in pieces of about this size.',
    memory: 'This much at a time.',
  },
  'activations.chunk': {
    label: 'Texts in a chunk',
    changes: 'How many texts are one job: those that are done make room for the next of them.',
    memory: 'Of those side by side: keys, values and sums of each.',
  },
  'activations.slots': {
    label: 'Texts side by side',
    changes: 'How many texts of a chunk go on at once, at most the chunk itself.',
    memory: 'Keys and values of every position, and sums of activations, of each.',
  },
  'activations.trainingBatch': {
    label: 'Training batch',
    changes: 'Texts whose mean gradient is one step of the optimiser: another batch trains another model.',
    memory: 'Activations of every token of every layer for each text, and slopes of one layer.',
  },
  'activations.judgedTexts': {
    label: 'Texts judged at once',
    changes: 'Held-out texts whose loss is taken together while a model is trained. The loss stays.',
    memory: 'Activations of one layer for every token of each.',
  },
  'activations.linearRows': {
    label: 'Rows of a product’s block, training',
    changes: 'Rows of activations that a thread of a training multiplies by weights. The weights stay.',
    memory: 'None: registers only.',
  },
  'activations.linearQuads': {
    label: 'Columns of a product’s block, training',
    changes: 'Columns, in fours, of a product that a thread of a training sums. The weights stay.',
    memory: 'None: registers only.',
  },
  'activations.gradientQuads': {
    label: 'Edge of a gradient block',
    changes: 'Rows and columns, in fours, of a weight matrix whose slopes a thread sums. The weights stay.',
    memory: 'None: registers only.',
  },
  'activations.gradientParts': {
    label: 'Parts of a gradient',
    changes:
      'Stretches of the batch over which slopes of a weight are summed at once. Sums are taken in another order: the last digits of the weights may move.',
    memory: 'A copy of the largest weight for each, twice of the embedding.',
  },
  'activations.trainingQueries': {
    label: 'Queries a thread, training',
    changes: 'Queries, or keys, of attention that a thread of a training has. The weights stay.',
    memory: 'None: registers only.',
  },
  'activations.trainingThreads': {
    label: 'Threads a training workgroup',
    changes: 'Threads of a workgroup of the kernels of a training. The weights stay.',
    memory: 'None.',
  },
  'activations.normParts': {
    label: 'Parts of the gradient’s length',
    changes:
      'Stretches of the gradient whose squares are summed at once, for clipping. Sums are taken in another order: the last digits of the weights may move.',
    memory: 'One number a part.',
  },
  'activations.lossHistory': {
    label: 'Losses remembered',
    changes: 'Training steps whose loss the device keeps until it is read; older ones are missing from the curve.',
    memory: 'One number a step.',
  },
  'activations.laneLinearRows': {
    label: 'Rows of a product’s block, lanes alone',
    changes: 'The same on software adapters, where reading is what costs. The weights stay.',
    memory: 'None: registers only.',
  },
  'activations.laneLinearQuads': {
    label: 'Columns of a product’s block, lanes alone',
    changes: 'The same on software adapters. The weights stay.',
    memory: 'None: registers only.',
  },
  'activations.laneGradientQuads': {
    label: 'Edge of a gradient block, lanes alone',
    changes: 'The same on software adapters. The weights stay.',
    memory: 'None: registers only.',
  },
  'activations.laneGradientParts': {
    label: 'Parts of a gradient, lanes alone',
    changes:
      'Stretches of the batch over which slopes of a weight are summed at once on software adapters. The last digits of the weights may move.',
    memory: 'A copy of the largest weight for each, twice of the embedding.',
  },
  'activations.laneTrainingThreads': {
    label: 'Threads a training workgroup, lanes alone',
    changes: 'The same on software adapters: as many as a register has lanes. The weights stay.',
    memory: 'None.',
  },
  'activations.laneTrainingQueries': {
    label: 'Queries of a training a thread, lanes alone',
    changes: 'Queries, or keys, of attention that a thread of a training has on software adapters. The weights stay.',
    memory: 'None: registers only.',
  },
} as const satisfies Readonly<Record<string, SizeWords>>;
