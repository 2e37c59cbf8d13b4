/**
 * A twisted Gaussian and a Markov chain: the smallest experiment whose results are posteriors. Not in the page's list; it shows that an
 * experiment needs its own folders and a line in each registry, and is what "How to add an experiment" points to.
 */
import type { ParamSpec, ParamValues } from '../params.ts';
import type { Experiment, Preset } from '../workload.ts';
import { bananaListing } from './listing.ts';

const params: readonly ParamSpec[] = [
  {
    key: 'bananas',
    kind: 'integer',
    multiplies: 'items',
    label: 'Bananas',
    help: 'How many posteriors there are. They differ in their random numbers alone.',
    group: 'Problem',
    default: 8,
    min: 1,
    max: 100_000,
  },
  {
    key: 'width',
    kind: 'number',
    label: 'Width',
    help: 'Standard deviation of x.',
    group: 'Problem',
    default: 2,
    min: 0,
    max: 100,
    exclusiveMin: true,
  },
  {
    key: 'twist',
    kind: 'number',
    label: 'Twist',
    help: 'How far the plane is bent: 0 is a plain Gaussian, 0.1 a banana.',
    group: 'Problem',
    default: 0.1,
    min: 0,
    max: 1,
  },
  {
    key: 'chains',
    kind: 'integer',
    label: 'Chains',
    help: 'Independent chains of each posterior.',
    group: 'Sampler',
    default: 4,
    min: 1,
    max: 16,
  },
  {
    key: 'draws',
    kind: 'integer',
    label: 'Draws',
    help: 'Draws of each chain that are kept.',
    group: 'Sampler',
    default: 500,
    min: 4,
    max: 100_000,
  },
  {
    key: 'warmup',
    kind: 'integer',
    label: 'Warm-up',
    help: 'Transitions before them that are not.',
    group: 'Sampler',
    default: 100,
    min: 0,
    max: 100_000,
  },
  {
    key: 'stepSize',
    kind: 'number',
    label: 'Step size',
    help: 'Of the leapfrog integrator.',
    group: 'Sampler',
    default: 0.4,
    min: 0,
    max: 10,
    exclusiveMin: true,
  },
  {
    key: 'leapfrogs',
    kind: 'integer',
    label: 'Leapfrog steps',
    help: 'Steps of a transition.',
    group: 'Sampler',
    default: 10,
    min: 1,
    max: 1000,
  },
];

const presets: readonly Preset[] = [
  { id: 'bent', label: 'Bent', help: 'Eight bananas of twist 0.1.', params: {} },
  { id: 'straight', label: 'Straight', help: 'No twist: a plain Gaussian.', params: { twist: 0 } },
];

/** Parameters as the kernel and its twin take them. */
export interface BananaParams {
  readonly bananas: number;
  readonly width: number;
  readonly twist: number;
  readonly chains: number;
  readonly draws: number;
  readonly warmup: number;
  readonly stepSize: number;
  readonly leapfrogs: number;
}

/** @param values valid by the table above */
export function readBananaParams(values: ParamValues): BananaParams {
  return values as ParamValues & BananaParams;
}

export const bananaExperiment: Experiment = {
  ...bananaListing,
  itemName: { one: 'banana', many: 'bananas' },
  chunkEntry: 'banana.chunk',
  precisions: ['f32'],
  params,
  presets,
  workName: 'gradients',
  lighter: { memory: 'fewer chains or draws', time: 'shorter chains' },
  stepWords: 'one transition of every chain',
  results: { kind: 'posterior' },
  files: [],
};
