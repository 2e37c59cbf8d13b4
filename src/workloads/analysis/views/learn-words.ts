/** The families of metrics, and the mistakes that are made with them, in words. */

interface Told {
  readonly name: string;
  readonly words: string;
}

export const FAMILY_WORDS: readonly Told[] = [
  {
    name: 'Attention, rollout, induction',
    words:
      'Where heads look: how spread out, how far back, at the first token, at the one before. Rollout follows looking through all layers. Induction heads find what followed the same token before: the same random tokens, read twice, show them. Looking is not using.',
  },
  {
    name: 'Integrated gradients',
    words:
      'What each token adds to one logit: the slope of the logit, summed along the straight way from a text that says nothing to this one. Signed, and adding up to the whole difference.',
  },
  {
    name: 'Attribution by layer',
    words:
      'Three things that are often one name: the same sum in each layer’s stream (layer IG), the flow through each layer (conductance), and the logit itself as a sum of what heads and MLPs write (direct logit attribution), which is exact.',
  },
  {
    name: 'Jacobian',
    words:
      'How far a small change of each token moves each position: a whole map, exact, or from random vectors with an error in each cell; and how strongly the most sensitive directions are stretched.',
  },
  {
    name: 'Gradients, pathology, trajectory, conflict',
    words:
      'How long the gradient is in each tensor, and how noisy: the noise scale is the batch at which signal and noise are equal. Whether a few tensors have all of it. How it turns during training. Whether texts pull against each other.',
  },
  {
    name: 'Fisher, Gauss–Newton, Hessian',
    words:
      'How the loss bends. The Fisher information asks how far the model’s say moves with each weight; Gauss–Newton is the part of curvature that comes of the loss; the Hessian has all of it, downward directions included. Largest and smallest eigenvalues, the trace, and how all others are spread.',
  },
  {
    name: 'Sharpness, landscape',
    words:
      'How far the loss rises one step uphill, and over a whole plane through the model. Directions are scaled filter by filter, or a plane would only show how large the weights are.',
  },
  {
    name: 'Representations',
    words:
      'How alike two layers are (debiased CKA), whatever rotation lies between them, and how many dimensions they really use.',
  },
  {
    name: 'Causes: tracing, patching, ablation',
    words:
      'What happens when something is changed. Tracing breaks a text with noise and puts single activations back; patching puts those of one text into another; ablation takes heads and MLPs out. These alone say what a part does.',
  },
  {
    name: 'Logit lens',
    words: 'What the model would say if it ended after each layer: when it makes up its mind.',
  },
];

export const WRONG: readonly Told[] = [
  {
    name: 'Explaining position 0',
    words:
      'Attributions of the mean logit at position 0, where a causal model has seen nothing but the first token: every other attribution is 0 by construction.',
  },
  {
    name: 'A squared batch gradient as Fisher information',
    words:
      'The sum of gradients, squared, is the square of a mean and not a mean of squares. It shrinks as the batch grows, and is a Fisher diagonal at no batch size.',
  },
  {
    name: 'Gauss–Newton of the mean gradient',
    words: 'The outer product of one vector has one eigenvalue, ‖∇L‖², and zeros: it knows nothing of curvature.',
  },
  {
    name: 'Signal to noise in √parameters',
    words:
      'The length of the mean gradient over the mean spread of single parameters grows with their number: pure noise of 768 parameters scores 13.5 and is called reliable.',
  },
  {
    name: 'Layers by the match of a name',
    words:
      'The first six modules whose names match are all of the first block or two, whatever the depth: embeddings, norms and attention of block 0 are called six layers.',
  },
  {
    name: 'CKA of unpaired texts',
    words:
      'Row i of one matrix must be the same token as row i of the other. Of different texts, 16 rows and the biased formula, CKA of independent numbers is .8 to .98.',
  },
  {
    name: 'A softmax of attention',
    words:
      'Rollout that takes the softmax of what is a softmax already is nearly uniform, and sends weight to each position from its own future.',
  },
  {
    name: 'Induction off by one',
    words:
      'Asking that both the token and the one before are equal finds heads that look at duplicates; as a ratio among matching keys it is about 1 for every head.',
  },
  {
    name: 'Necessity as 1/(1 + effect)',
    words: 'The larger the effect of taking a part out, the smaller its score.',
  },
  {
    name: 'The Jacobian of the mean unit',
    words:
      'One product with a vector of ones is the gradient of the mean unit: 0 everywhere behind a norm with equal weights, however sensitive the model is.',
  },
  {
    name: 'Negative curvature among the largest',
    words:
      'Sorting eigenvalues downward, keeping the first few and looking for negative ones among those finds none, though nearly half of them are.',
  },
  {
    name: 'Rows for filters',
    words:
      'What feeds one output is a column in GPT-2’s files and a row in Llama’s. Scaling rows always, and rescaling biases in place of leaving them, draws another landscape.',
  },
];
