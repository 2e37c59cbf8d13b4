/** Ready-made runs. */
import type { Preset } from '../workload.ts';
import { METRIC_LIST } from './metric-list.ts';

const all = METRIC_LIST.map(({ value }) => value).join(',');

export const analysisPresets: readonly Preset[] = [
  {
    id: 'first',
    label: 'First look',
    help: 'Which tokens and which heads mattered, how large the slopes are, what each layer would say: of 8 stories.',
    params: {},
  },
  {
    id: 'one-text',
    label: 'Read one text',
    help: 'Attention, attribution in every layer, tracing and lens: everything that says why this token came next.',
    params: {
      metrics: 'attention,rollout,integrated-gradients,layer-attribution,jacobian,causal-trace,patching,logit-lens',
      stories: 8,
    },
  },
  {
    id: 'curvature',
    label: 'Curvature',
    help: 'Fisher, Gauss–Newton, Hessian, sharpness and the landscape: how the loss bends around the model.',
    params: { metrics: 'fisher,fisher-eigenvalues,ggn,hessian,hessian-blocks,sharpness,landscape', stories: 8 },
  },
  {
    id: 'slopes',
    label: 'Slopes',
    help: 'Norms, noise scale, pathology and conflict of gradients between happy and sad stories.',
    params: { metrics: 'gradients,pathology,conflict', stories: 64 },
  },
  {
    id: 'network',
    label: 'A velocity network',
    help: 'Of a perceptron and its rows (Network, Rows): what moves an output, slopes, and how the loss bends.',
    params: {
      metrics: 'integrated-gradients,jacobian,gradients,fisher,ggn,hessian,sharpness,landscape,representations',
    },
  },
  {
    id: 'all',
    label: 'Everything',
    help: 'All metrics on 32 stories.',
    params: { metrics: all, stories: 32 },
  },
];
