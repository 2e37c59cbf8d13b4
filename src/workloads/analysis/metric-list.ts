/** The metrics in words, in the order in which a run has them: what form, links and flags know of them. What computes is in `metrics/`. */

export interface ListedMetric {
  /** As `--metrics` names it; that of `Metric.id`. */
  readonly value: string;
  /** Other names that it goes by. */
  readonly aliases?: readonly string[];
  readonly label: string;
  readonly help: string;
  /** Its family's heading. */
  readonly group: string;
}

export const METRIC_LIST = [
  {
    value: 'attention',
    label: 'Attention',
    help: 'Entropy, distance, first-token share of every head, and its patterns.',
    group: 'Attention',
  },
  {
    value: 'rollout',
    label: 'Rollout',
    help: 'Attention through all layers, residual stream included.',
    group: 'Attention',
  },
  {
    value: 'induction',
    label: 'Induction',
    help: 'Which heads copy what followed before: on random tokens read twice.',
    group: 'Attention',
  },
  {
    value: 'integrated-gradients',
    aliases: ['ig'],
    label: 'Integrated gradients',
    help: 'What each token adds to a logit, with what is missing from the sum.',
    group: 'Attribution',
  },
  {
    value: 'layer-attribution',
    aliases: ['layer-ig', 'conductance'],
    label: 'Layer attribution',
    help: 'The same in every layer, conductance, and the logit as a sum of heads and MLPs.',
    group: 'Attribution',
  },
  {
    value: 'jacobian',
    label: 'Jacobian',
    help: 'How far each position’s embedding moves each position’s last residual.',
    group: 'Attribution',
  },
  {
    value: 'gradients',
    label: 'Gradients',
    help: 'Norms by tensor, noise scale of the batch, signal to noise.',
    group: 'Gradients',
  },
  {
    value: 'trajectory',
    aliases: ['gradient-trajectory'],
    label: 'Trajectory',
    help: 'How the gradient turns from checkpoint to checkpoint of a training.',
    group: 'Gradients',
  },
  {
    value: 'pathology',
    aliases: ['gradient-pathology'],
    label: 'Pathology',
    help: 'Whether a few tensors have all of the gradient, vanishing and exploding ones.',
    group: 'Gradients',
  },
  {
    value: 'conflict',
    aliases: ['gradient-conflict'],
    label: 'Conflict',
    help: 'Whether texts, or two groups of them, pull against each other, by layer.',
    group: 'Gradients',
  },
  {
    value: 'fisher',
    label: 'Fisher',
    help: 'Fisher information: by token, by text, and of the model’s own labels.',
    group: 'Curvature',
  },
  {
    value: 'fisher-eigenvalues',
    label: 'Fisher eigenvalues',
    help: 'Largest eigenvalues of both empirical Fisher matrices, from products of gradients.',
    group: 'Curvature',
  },
  {
    value: 'ggn',
    label: 'Gauss–Newton',
    help: 'Largest eigenvalues and trace of the Gauss–Newton matrix.',
    group: 'Curvature',
  },
  {
    value: 'hessian',
    label: 'Hessian',
    help: 'Largest and smallest eigenvalues, trace, density of the spectrum.',
    group: 'Curvature',
  },
  {
    value: 'hessian-blocks',
    label: 'Hessian by tensor',
    help: 'The largest eigenvalue of each tensor’s own block.',
    group: 'Curvature',
  },
  { value: 'sharpness', label: 'Sharpness', help: 'How far the loss rises one step up its slope.', group: 'Curvature' },
  { value: 'landscape', label: 'Landscape', help: 'The loss on a plane through the model.', group: 'Curvature' },
  {
    value: 'representations',
    aliases: ['cka'],
    label: 'Representations',
    help: 'How alike layers are (debiased CKA), and how many dimensions they use.',
    group: 'Representations and causes',
  },
  {
    value: 'causal-trace',
    aliases: ['trace'],
    label: 'Causal tracing',
    help: 'Where putting back one activation restores a corrupted text.',
    group: 'Representations and causes',
  },
  {
    value: 'patching',
    label: 'Patching',
    help: 'Activations of a text put into its counterfactual, and the first-order estimate of it.',
    group: 'Representations and causes',
  },
  {
    value: 'ablation',
    label: 'Ablation',
    help: 'What the loss does when a head or an MLP is taken out.',
    group: 'Representations and causes',
  },
  {
    value: 'logit-lens',
    aliases: ['lens'],
    label: 'Logit lens',
    help: 'What the model would say if it ended after each layer.',
    group: 'Representations and causes',
  },
] as const satisfies readonly ListedMetric[];
