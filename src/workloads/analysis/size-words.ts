/** What the sizes of the analysis experiment are called and change, for people: by key, in the order of the table. */
import type { SizeWords } from '../../batch/entry.ts';

export const analysisSizeWords = {
  'analysis.chunk': {
    label: 'Metrics at once',
    changes: 'A metric is computed by itself; what it works on at once is its own entry.',
    memory: 'The buffers of the metric that is running: the largest of them counts.',
  },
  'analysis.attentionChunk': {
    label: 'Texts at once: attention',
    changes: 'How many texts are read at once for attention. No bit of a result hangs on it.',
    memory: 'Patterns of every block and head (texts × heads × length²), and activations.',
  },
  'analysis.pathRows': {
    label: 'Rows at once: paths',
    changes:
      'How many points of paths, of any texts, go through the network at once: integrated gradients, layer attribution. No bit of a result hangs on it.',
    memory: 'Kept activations and their slopes for each row.',
  },
  'analysis.jacobianRows': {
    label: 'Rows at once: Jacobian',
    changes: 'How many products with the Jacobian go at once. No bit of a result hangs on it.',
    memory: 'The same.',
  },
  'analysis.gradientChunk': {
    label: 'Texts at once: gradients',
    changes:
      'How many texts are differentiated at once; their gradients are added in the order of the texts. No bit of a result hangs on it.',
    memory: 'Kept activations and their slopes for each text.',
  },
  'analysis.fisherChunk': {
    label: 'Rows at once: Fisher',
    changes: 'How many rows (a token of a text, or a text) go at once. No bit of a result hangs on it.',
    memory: 'The same; squares are summed as they come, no gradient of a single row is kept.',
  },
  'analysis.curvatureChunk': {
    label: 'Texts at once: curvature',
    changes:
      'How many texts of a product with the Hessian or the Gauss–Newton matrix go at once. No bit of a result hangs on it.',
    memory: 'Kept activations, their derivatives along a direction, and the slopes of both.',
  },
  'analysis.landscapeRows': {
    label: 'Texts at once: landscape',
    changes: 'How many texts are read at once at a point of the landscape. No bit of a result hangs on it.',
    memory: 'Activations of each; θ and its directions come besides, once.',
  },
  'analysis.representationChunk': {
    label: 'Texts at once: representations',
    changes: 'How many texts are read at once for their activations. No bit of a result hangs on it.',
    memory: 'Activations of each, and sums of their products.',
  },
  'analysis.interventionRows': {
    label: 'Rows at once: interventions',
    changes:
      'How many changed copies of a text go through the network at once: tracing, patching, ablation. No bit of a result hangs on it.',
    memory: 'Activations of each.',
  },
  'analysis.lensChunk': {
    label: 'Texts at once: lens',
    changes: 'How many texts are read through the lens at once. No bit of a result hangs on it.',
    memory: 'Activations and logits of each.',
  },
  'analysis.attentionItems': {
    label: 'Texts: attention',
    changes:
      'How many of the texts, from the first on, go into attention: fewer are another estimate with a larger error.',
    memory: 'None by itself: texts go in chunks.',
  },
  'analysis.pathItems': {
    label: 'Texts: integrated gradients',
    changes:
      'How many of the texts, from the first on, go into integrated gradients: fewer are another estimate with a larger error. The origin takes 256.',
    memory: 'None by itself: texts go in chunks.',
  },
  'analysis.layerItems': {
    label: 'Texts: layer-wise attribution',
    changes:
      'How many of the texts, from the first on, go into layer-wise attribution: fewer are another estimate with a larger error. The origin takes 96.',
    memory: 'None by itself: texts go in chunks.',
  },
  'analysis.jacobianItems': {
    label: 'Texts: the Jacobian',
    changes:
      'How many of the texts, from the first on, go into the Jacobian: fewer are another estimate with a larger error. The origin takes 32.',
    memory: 'None by itself: texts go in chunks.',
  },
  'analysis.gradientItems': {
    label: 'Texts: gradients',
    changes:
      'How many of the texts, from the first on, go into gradients: fewer are another estimate with a larger error.',
    memory: 'None by itself: texts go in chunks.',
  },
  'analysis.trajectoryItems': {
    label: 'Texts: the trajectory of gradients',
    changes:
      'How many of the texts, from the first on, go into the trajectory of gradients: fewer are another estimate with a larger error.',
    memory: 'None by itself: texts go in chunks.',
  },
  'analysis.pathologyItems': {
    label: 'Texts: the pathology of gradients',
    changes:
      'How many of the texts, from the first on, go into the pathology of gradients: fewer are another estimate with a larger error.',
    memory: 'None by itself: texts go in chunks.',
  },
  'analysis.conflictItems': {
    label: 'Texts: conflicts of gradients',
    changes:
      'How many of the texts, from the first on, go into conflicts of gradients: fewer are another estimate with a larger error.',
    memory: 'None by itself: texts go in chunks.',
  },
  'analysis.fisherItems': {
    label: 'Texts: Fisher information',
    changes:
      'How many of the texts, from the first on, go into Fisher information: fewer are another estimate with a larger error. The origin takes 32.',
    memory: 'None by itself: texts go in chunks.',
  },
  'analysis.ggnItems': {
    label: 'Texts: the Gauss–Newton matrix',
    changes:
      'How many of the texts, from the first on, go into the Gauss–Newton matrix: fewer are another estimate with a larger error.',
    memory: 'None by itself: texts go in chunks.',
  },
  'analysis.hessianItems': {
    label: 'Texts: the Hessian',
    changes:
      'How many of the texts, from the first on, go into the Hessian: fewer are another estimate with a larger error.',
    memory: 'None by itself: texts go in chunks.',
  },
  'analysis.sharpnessItems': {
    label: 'Texts: sharpness',
    changes:
      'How many of the texts, from the first on, go into sharpness: fewer are another estimate with a larger error.',
    memory: 'None by itself: texts go in chunks.',
  },
  'analysis.landscapeItems': {
    label: 'Texts: the loss landscape',
    changes:
      'How many of the texts, from the first on, go into the loss landscape: fewer are another estimate with a larger error.',
    memory: 'None by itself: texts go in chunks.',
  },
  'analysis.representationItems': {
    label: 'Texts: representations',
    changes:
      'How many of the texts, from the first on, go into representations: fewer are another estimate with a larger error.',
    memory: 'None by itself: texts go in chunks.',
  },
  'analysis.causalItems': {
    label: 'Texts: tracing, patching and ablation',
    changes:
      'How many of the texts, from the first on, go into tracing, patching and ablation: fewer are another estimate with a larger error. The origin takes 32.',
    memory: 'None by itself: texts go in chunks.',
  },
  'analysis.lensItems': {
    label: 'Texts: the logit lens',
    changes:
      'How many of the texts, from the first on, go into the logit lens: fewer are another estimate with a larger error.',
    memory: 'None by itself: texts go in chunks.',
  },
  'analysis.inductionTexts': {
    label: 'Texts that repeat themselves',
    changes:
      'Random texts BOS r r, and as many BOS r r′, that induction is measured on: the error falls with their root.',
    memory: 'None by itself.',
  },
  'analysis.pathSteps': {
    label: 'Nodes of a path',
    changes:
      'Nodes of the rule that integrates along a path: fewer leave a larger gap in completeness, which is shown.',
    memory: 'None by itself.',
  },
  'analysis.conductanceSteps': {
    label: 'Steps of conductance',
    changes: 'Steps from the baseline to the text; conductance is complete as they grow.',
    memory: 'None by itself.',
  },
  'analysis.deletionOrders': {
    label: 'Random orders of deletion',
    changes: 'Random orders that a deletion curve is held against.',
    memory: 'None by itself.',
  },
  'analysis.jacobianProbes': {
    label: 'Probes of the Jacobian',
    changes:
      'Random signs that squares of the Jacobian are estimated by, where it is too large to be computed whole: the error falls with their root.',
    memory: 'None by itself.',
  },
  'analysis.singularSteps': {
    label: 'Steps for singular values',
    changes: 'Lanczos steps on JᵀJ; more bring smaller singular values and smaller bounds.',
    memory: 'None by itself.',
  },
  'analysis.fisherDraws': {
    label: 'Draws of labels',
    changes:
      'Labels drawn from the model for the true Fisher, where it is too large to be summed over classes: the error falls with their root.',
    memory: 'None by itself.',
  },
  'analysis.eigenvalues': {
    label: 'Eigenvalues told',
    changes: 'How many of the largest and of the smallest are told.',
    memory: 'None by itself.',
  },
  'analysis.lanczosSteps': {
    label: 'Lanczos steps',
    changes:
      'Products with the matrix from each starting vector: more bring more eigenvalues, smaller bounds and a finer density. Its basis takes 4 B × parameters a step.',
    memory: 'A vector of all parameters each.',
  },
  'analysis.blockSteps': {
    label: 'Lanczos steps a tensor',
    changes: 'Products with the Hessian for each tensor’s own block: fewer widen the bound of its eigenvalue.',
    memory: 'A vector of all parameters each.',
  },
  'analysis.traceProbes': {
    label: 'Probes of a trace',
    changes: 'Random signs that a trace and a density are estimated by: the error falls with their root.',
    memory: 'None by itself.',
  },
  'analysis.landscapeGrid': {
    label: 'Points along an axis',
    changes: 'Of the landscape, odd, so that the model itself is one of them.',
    memory: 'None by itself.',
  },
  'analysis.traceDraws': {
    label: 'Draws of noise',
    changes: 'With which embeddings are corrupted for causal tracing: the error falls with their root.',
    memory: 'None by itself.',
  },
  'analysis.permutations': {
    label: 'Permutations',
    changes: 'Of groups or rows for a null distribution: the smallest p-value is one over them.',
    memory: 'None by itself.',
  },
  'analysis.resamples': {
    label: 'Resamples',
    changes: 'Bootstrap samples of the texts for an interval.',
    memory: 'None by itself.',
  },
  'analysis.threads': {
    label: 'Threads',
    changes: 'Threads of a workgroup. Speed alone.',
    memory: 'None: registers only.',
  },
  'analysis.pointThreads': {
    label: 'Threads of numbers alone',
    changes: 'Threads of a workgroup where every number stands alone: activations, sums, embeddings. Speed alone.',
    memory: 'None: registers only.',
  },
  'analysis.productRows': {
    label: 'Positions of a product',
    changes: 'Positions for which a thread multiplies weights that it has loaded once. Speed alone.',
    memory: 'None: registers only.',
  },
  'analysis.productColumns': {
    label: 'Columns of a product',
    changes: 'Columns that a thread sums at once. Speed alone.',
    memory: 'None: registers only.',
  },
  'analysis.gradientInputs': {
    label: 'Inputs of a slope',
    changes: 'Inputs of a weight’s slope that a thread sums. Speed alone.',
    memory: 'None: registers only.',
  },
  'analysis.gradientOutputs': {
    label: 'Outputs of a slope',
    changes: 'Outputs of a weight’s slope that a thread sums. Speed alone.',
    memory: 'None: registers only.',
  },
  'analysis.headFours': {
    label: 'Fours of a head',
    changes: 'Fours of a head’s numbers that a thread of attention holds. Speed alone.',
    memory: 'None: registers only.',
  },
  'analysis.sharedThreads': {
    label: 'Threads of a shared sum',
    changes: 'Threads that share the sums over a position’s outputs, or over a head’s queries: it orders the sums.',
    memory: 'None: workgroup memory only.',
  },
  'analysis.lensRun': {
    label: 'Tokens of a lens',
    changes:
      'Tokens of the vocabulary that a workgroup reads through a lens before their sums are added: it orders the sums.',
    memory: '32 B a position for every run of the vocabulary.',
  },
  'analysis.dotRun': {
    label: 'Numbers of a dot product',
    changes: 'Numbers of a vector that a thread sums one after the other: it orders the sum.',
    memory: 'None: registers only.',
  },
  'analysis.combineTerms': {
    label: 'Vectors of a sum',
    changes: 'Vectors that are read in one go when some are added. Speed alone.',
    memory: 'None: registers only.',
  },
  'analysis.stagingBytes': {
    label: 'Bytes read back at once',
    changes: 'What comes back from the device comes in pieces of this size. Speed alone.',
    memory: 'A buffer of this size.',
  },
} as const satisfies Readonly<Record<string, SizeWords>>;
