import type { Judging, LooserThresholds, Recorded } from '../../stats/convergence.ts';
import type { ResultDescription } from '../kind.ts';
import type { StatisticsContext } from './statistics.ts';

/** What an experiment says of its posteriors. Light: page and worker share it; how files differ from the plain ones is in `PosteriorForms`. */
export interface PosteriorOptions {
  /**
   * What is known of truths and priors; nothing unless given. Parameters are valid. `ownData`: the user's data, whose truths no prior drew.
   */
  readonly statistics?: (params: Readonly<Record<string, unknown>>, ownData: boolean) => StatisticsContext;
  /** What to choose in the form for truths drawn from the prior; in words of that unless given. */
  readonly priorTruths?: string;
  /** Parameters whose zero is a matter of choice, such as the place in an image: a bias is that of their distance from the mean truth. */
  readonly places?: readonly string[];
  /** What draws come from; Hamiltonian Monte Carlo unless given. */
  readonly sampler?: Sampler;
  /** A second judgement that asks for less than this project's; none unless given. */
  readonly looser?: NamedThresholds;
  /** What data are called where a fit does not describe them; "data" unless given. */
  readonly misfit?: MisfitWords;
}

export interface PosteriorDescription extends PosteriorOptions, ResultDescription {
  readonly kind: 'posterior';
}

/** What an experiment without a word of its own says. */
const NOTHING_SAID: PosteriorOptions = {};

/** What an experiment says of its posteriors; nothing where its results are of another kind. */
export function posteriorOptions(results: ResultDescription): PosteriorOptions {
  return results.kind === 'posterior' ? (results as PosteriorDescription) : NOTHING_SAID;
}

export interface Sampler {
  /** ArviZ's attribute `inference_method`, e.g. "hmc". */
  readonly method: string;
  /** Its draws know nothing of each other: there are no chains. */
  readonly independent?: true;
  /** What it records of each draw, and a posterior must have to be believed. */
  readonly records: readonly Recorded[];
  /** What avoids divergent transitions, in a sentence. */
  readonly againstDivergences?: string;
}

export const HMC = {
  method: 'hmc',
  records: ['energy', 'diverging'],
  againstDivergences: 'A smaller step size avoids divergences.',
} as const satisfies Sampler;

/** How posteriors of an experiment are judged. */
export function judging({ looser, sampler = HMC }: PosteriorOptions): Judging {
  return { looser, records: sampler.records };
}

export interface NamedThresholds extends LooserThresholds {
  /** Whose they are: the name of a pipeline. */
  readonly name: string;
  /** What `parameters` are together, e.g. "the means". */
  readonly judges: string;
}

interface OneAndMany {
  readonly one: string;
  readonly many: string;
}

export interface MisfitWords {
  /** One number of the data, e.g. "count". */
  readonly datum: OneAndMany;
  /** All that an item is inferred from, e.g. "image". */
  readonly data: OneAndMany;
  /** What may be wrong, as the end of a sentence. */
  readonly check: string;
}

export const PLAIN_MISFIT: MisfitWords = {
  datum: { one: 'datum', many: 'data' },
  data: { one: 'observation', many: 'observations' },
  check: 'check the noise and the model',
};
