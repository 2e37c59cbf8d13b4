/** The analysis experiment's parameters. One row gives form field, flag, link and validation. */
import type { ParamSpec, ParamValues } from '../params.ts';
import { parseParams } from '../validate.ts';
import { METRIC_LIST } from './metric-list.ts';

const FIRST = 'attention,integrated-gradients,gradients,ablation,logit-lens';

const ticked = (values: ParamValues, ...metrics: readonly string[]) =>
  typeof values.metrics === 'string' && values.metrics.split(',').some((metric) => metrics.includes(metric));
const attributed = (values: ParamValues) =>
  ticked(values, 'integrated-gradients', 'layer-attribution', 'jacobian', 'causal-trace', 'patching');
const paths = (values: ParamValues) => ticked(values, 'integrated-gradients', 'layer-attribution');

export const analysisParams: readonly ParamSpec[] = [
  {
    key: 'metrics',
    label: 'Metrics',
    help: 'What is computed. Each is done by itself: what one costs, and what it takes, is told before anything runs.',
    group: 'Metrics',
    kind: 'set',
    extends: true,
    default: FIRST,
    choices: METRIC_LIST,
  },
  {
    key: 'stories',
    label: 'Stories',
    help: 'How many of the stories that ship are read. Texts of your own are taken as they are.',
    group: 'Texts',
    kind: 'integer',
    simulates: true,
    default: 8,
    min: 1,
    max: 4096,
  },
  {
    key: 'longest',
    label: 'Longest text',
    help: 'Tokens of a text at most: longer ones are cut there, and it is said which.',
    group: 'Texts',
    kind: 'integer',
    default: 64,
    min: 2,
    max: 4096,
    unit: 'tokens',
  },
  {
    key: 'position',
    label: 'Position explained',
    help: 'Whose prediction attributions explain, counted from 0; −1 is the last that has a next token.',
    group: 'What is explained',
    kind: 'integer',
    default: -1,
    min: -1,
    max: 4095,
    when: attributed,
  },
  {
    key: 'explained',
    label: 'Explained',
    help: 'Of the next token at that position.',
    group: 'What is explained',
    kind: 'choice',
    default: 'logit',
    choices: [
      { value: 'logit', label: 'Logit', help: 'the number before the softmax' },
      { value: 'log-probability', label: 'log p', help: 'how likely it is beside all other tokens' },
    ],
    when: attributed,
  },
  {
    key: 'baseline',
    label: 'Baseline',
    help: 'What a path of attribution begins at. Against the zero vector a model with RMSNorm and no learned positions (Llama) does not converge: the norm undoes the scaling.',
    group: 'What is explained',
    kind: 'choice',
    default: 'pad',
    choices: [
      { value: 'pad', label: 'Pad token', help: 'the same token everywhere' },
      { value: 'mean', label: 'Mean embedding', help: 'the mean over the vocabulary' },
      { value: 'zero', label: 'Zero', help: 'the zero vector' },
    ],
    when: paths,
  },
  {
    key: 'padId',
    label: 'Pad token',
    help: 'Id of the token that stands for nothing.',
    group: 'What is explained',
    kind: 'integer',
    default: 0,
    min: 0,
    max: 10_000_000,
    advanced: true,
    when: (values) => paths(values) && values.baseline === 'pad',
  },
  {
    key: 'rule',
    label: 'Rule',
    help: 'How the path is integrated.',
    group: 'What is explained',
    kind: 'choice',
    default: 'gauss',
    choices: [
      { value: 'gauss', label: 'Gauss–Legendre', help: 'exact for smooth paths, with few nodes' },
      { value: 'midpoint', label: 'Midpoint', help: 'equal steps' },
    ],
    advanced: true,
    when: paths,
  },
  {
    key: 'plane',
    label: 'Plane',
    help: 'Which plane of the loss landscape.',
    group: 'Landscape',
    kind: 'choice',
    default: 'random',
    choices: [
      { value: 'random', label: 'Random', help: 'two random directions, filter by filter as long as the weights' },
      { value: 'path', label: 'Path', help: 'the two main directions of a training’s checkpoints' },
      { value: 'checkpoints', label: 'Checkpoints', help: 'the first, the middle and the last checkpoint' },
      { value: 'eigenvectors', label: 'Eigenvectors', help: 'the two of the Hessian with the largest eigenvalues' },
    ],
    when: (values) => ticked(values, 'landscape'),
  },
  {
    key: 'span',
    label: 'Span',
    help: 'How far the plane reaches on each side, in lengths of its directions.',
    group: 'Landscape',
    kind: 'number',
    default: 1,
    min: 0,
    exclusiveMin: true,
    max: 1000,
    when: (values) => ticked(values, 'landscape'),
  },
  {
    key: 'rho',
    label: 'Step of sharpness',
    help: 'How far up its slope the loss is tried (ρ).',
    group: 'Landscape',
    kind: 'number',
    default: 0.05,
    min: 0,
    exclusiveMin: true,
    max: 1000,
    when: (values) => ticked(values, 'sharpness'),
  },
  {
    key: 'noise',
    label: 'Noise of tracing',
    help: 'How much noise corrupts embeddings, in standard deviations of the embedding.',
    group: 'Landscape',
    kind: 'number',
    default: 3,
    min: 0,
    exclusiveMin: true,
    max: 100,
    advanced: true,
    when: (values) => ticked(values, 'causal-trace'),
  },
  {
    key: 'origin',
    label: 'Theirs beside ours',
    help: 'Computes the origin’s formula, too, where it is another one, shows both, and says why ours differs.',
    group: 'Metrics',
    kind: 'boolean',
    default: true,
  },
];

export interface AnalysisParams {
  readonly metrics: readonly string[];
  readonly stories: number;
  readonly longest: number;
  readonly position: number;
  readonly explained: 'logit' | 'log-probability';
  readonly baseline: 'zero' | 'pad' | 'mean';
  readonly padId: number;
  readonly rule: 'gauss' | 'midpoint';
  readonly plane: 'random' | 'checkpoints' | 'path' | 'eigenvectors';
  readonly span: number;
  readonly rho: number;
  readonly noise: number;
  readonly origin: boolean;
}

/** @throws ConfigError for values that the table does not allow */
export function readAnalysisParams(values: ParamValues): AnalysisParams {
  const { metric: _stage, ...own } = values;
  const params = parseParams(analysisParams, undefined, own);
  return { ...params, metrics: String(params.metrics).split(',') } as unknown as AnalysisParams;
}

/** What sets a run apart in a list of runs. */
export function runWords(values: ParamValues): string[] {
  const { metrics } = readAnalysisParams(values);
  const [first, second, ...more] = metrics;
  return [more.length > 0 ? `${first}, ${second} and ${more.length} more` : metrics.join(', ')];
}
