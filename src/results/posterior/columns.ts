/** The table of posteriors: truth against estimate, and how far the draws can be believed. */

import { fileColumn, yesNo } from '../file-column.ts';
import type { ResultColumn, ResultColumns } from '../kind.ts';
import { fixed, grouped, plain } from '../number-text.ts';
import { estimateText, PEAKS_ABOUT } from './estimate-text.ts';
import type { Sampling } from './item.ts';
import { type ItemSummary, type NamedSummary, named, passesLooser, unfit } from './item-summary.ts';
import { type MisfitWords, PLAIN_MISFIT } from './options.ts';
import { IMPROBABLE, isImprobable, type Predictive } from './predictive.ts';

type Column = ResultColumn<ItemSummary>;

/**
 * @param summaries at least one; all have the parameters of the first
 * @param words what the experiment calls its data; without them and without a fit there is no column of misfits
 */
export function posteriorColumns(
  [first, ...others]: readonly ItemSummary[],
  words?: MisfitWords,
): ResultColumns<ItemSummary> {
  const independent = first.sampling === 'independent';
  const names = first.parameters.map(({ name }) => name);
  const known = names.filter((name) => name in first.info.truth);
  const fitted = words !== undefined || first.chi2PerDatum !== undefined;
  const truths = [first, ...others].some(({ info }) => names.some((name) => name in info.truth));
  return {
    page: [
      ...(independent
        ? [SAMPLES, OUTSIDE, ...asked([first, ...others])]
        : [ATTEMPTS, ...(fitted ? [chi2Column(words)] : []), WORST_RHAT, SMALLEST_ESS]),
      ...names.flatMap((name) => [...(known.includes(name) ? [truthColumn(name)] : []), estimateColumn(name)]),
      ...(independent ? [] : [ACCEPTANCE, DIVERGENCES, BFMI]),
    ],
    console: [
      ...names.map((name, at) => recoveryColumn(name, at, truths)),
      ...(independent
        ? [DRAWS, REJECTED, ...asked([first, ...others]), COMPLETE]
        : [WORST_RHAT_TEXT, SMALLEST_ESS_TEXT, ACCEPT, CONVERGED]),
    ],
    csv: fileColumns(names, first.sampling),
  };
}

/** Columns of summary.csv, of posteriors with these parameters; without chains there is no R̂ and no divergence. */
export function fileColumns(names: readonly string[], sampling?: Sampling): readonly Column[] {
  const of = (name: string, suffix: string, key: 'median' | 'sdPopulation' | 'mcse') =>
    fileColumn<ItemSummary>(`${name}_${suffix}`, (summary) => named(summary, name)[key]);
  const estimates = (name: string) => [
    estimateColumn(name),
    of(name, 'median', 'median'),
    of(name, 'std', 'sdPopulation'),
  ];
  const judged: readonly Column[] = [
    fileColumn('passed_convergence', (summary) => yesNo(passesLooser(summary))),
    fileColumn('seed', ({ info }) => info.seed),
  ];
  if (sampling === 'independent')
    return [
      ...names.map(truthColumn),
      ...names.flatMap((name) => [...estimates(name), of(name, 'mcse', 'mcse')]),
      SAMPLES,
      OUTSIDE,
      PRIOR_P,
      POSTERIOR_P,
      ...judged,
    ];
  return [
    ...names.map(truthColumn),
    ...names.flatMap(estimates),
    ...names.map((name) => fileColumn<ItemSummary>(`rhat_${name}`, (summary) => named(summary, name).rhat)),
    ...names.map((name) => fileColumn<ItemSummary>(`ess_${name}`, (summary) => named(summary, name).essBulk)),
    DIVERGENCES,
    fileColumn('divergence_frac', ({ divergenceFraction }) => divergenceFraction),
    ...judged,
  ];
}

/** The smallest effective sample size, bulk or tail, of all parameters. */
export function smallestEss(parameters: readonly NamedSummary[]): number {
  return Math.min(...parameters.flatMap(({ essBulk, essTail }) => [essBulk, essTail]));
}

/** What says that a statistic has no value: draws that are all equal have no R̂, no effective size and no E-BFMI. */
export const NO_VALUE = 'none';

/** Chains that never move make R̂ about 1e15: no place for decimals. */
export function rhatText(rhat: number): string {
  if (Number.isNaN(rhat)) return NO_VALUE;
  return rhat < 1e6 ? rhat.toFixed(4) : rhat.toExponential(1);
}

export function essText(ess: number): string {
  return Number.isNaN(ess) ? NO_VALUE : ess.toFixed(0);
}

const worstRhat = ({ parameters }: ItemSummary) => Math.max(...parameters.map(({ rhat }) => rhat));

function truthColumn(name: string): Column {
  return {
    key: `${name}_true`,
    title: `${name} true`,
    numeric: true,
    text: ({ info }) => plain(info.truth[name], 4),
    value: ({ info }) => info.truth[name],
  };
}

function estimateColumn(name: string): Column {
  return {
    key: `${name}_mean`,
    title: `${name} ± sd`,
    about: `Mean ± standard deviation. ${PEAKS_ABOUT}`,
    numeric: true,
    text: (summary) => estimateText(named(summary, name)),
    value: (summary) => named(summary, name).mean,
  };
}

/** Estimate to two digits of the error, behind the truth where truths are known. */
function recoveryColumn(name: string, at: number, truths: boolean): Column {
  return {
    key: name,
    title: truths ? `${name} truth → mean ± sd` : `${name} mean ± sd`,
    text: ({ parameters, info }) => {
      const { mean, sd, peaks } = parameters[at];
      const digits = decimals(peaks ? peaks[0].high - peaks[0].low : sd);
      const estimate = peaks ? estimateText(parameters[at]) : `${mean.toFixed(digits)} ± ${sd.toFixed(digits)}`;
      const truth = info.truth[name];
      return Number.isFinite(truth) ? `${truth.toFixed(digits)} → ${estimate}` : estimate;
    },
  };
}

/** Decimals that show two digits of an error. */
function decimals(error: number): number {
  return error > 0 && Number.isFinite(error) ? Math.min(9, Math.max(0, 1 - Math.floor(Math.log10(error)))) : 4;
}

const SAMPLES: Column = {
  key: 'draws',
  title: 'Samples',
  about: 'Independent samples of the posterior.',
  numeric: true,
  text: ({ parameters }) => grouped(parameters[0].essBulk),
  value: ({ parameters }) => parameters[0].essBulk,
};

const OUTSIDE: Column = {
  key: 'rejected_frac',
  title: 'Outside',
  about:
    'Share of all samples that lay outside the prior and were drawn anew: by design near an edge, where they come from a wider prior.',
  numeric: true,
  text: ({ rejected }) => (rejected === undefined ? '–' : `${(100 * rejected).toFixed(1)} %`),
  value: ({ rejected = 0 }) => rejected,
};

/** "≤ 0.001", "0.34"; a dash where there is none. */
function pValueText(p: number | undefined): string {
  if (p === undefined) return '–';
  return isImprobable(p) ? `≤ ${IMPROBABLE}` : String(Number(p.toPrecision(2)));
}

const pColumn = (of: keyof Predictive, title: string, about: string): Column => ({
  key: `${of}_predictive_p`,
  title,
  about: `${about} At or below ${IMPROBABLE} the item is not believed; – where it was not looked at.`,
  numeric: true,
  text: ({ predictive }) => pValueText(predictive?.[of]),
  value: ({ predictive }) => predictive?.[of],
  alarming: ({ predictive }) => isImprobable(predictive?.[of]),
});
const PRIOR_P = pColumn(
  'prior',
  'prior p',
  'Prior predictive p-value of an observation of yours: the share of all that prior and model make that stands as far apart from the rest.',
);
const POSTERIOR_P = pColumn(
  'posterior',
  'posterior p',
  'Posterior predictive p-value: the share of data simulated with draws of the posterior that lie as far from the others as the observation does. Near 1 is usual, since the posterior knows the observation.',
);

/** Those of the p-values that some item has. */
function asked(summaries: readonly ItemSummary[]): Column[] {
  const has = (key: keyof Predictive) => summaries.some(({ predictive }) => predictive?.[key] !== undefined);
  return [...(has('prior') ? [PRIOR_P] : []), ...(has('posterior') ? [POSTERIOR_P] : [])];
}

const ATTEMPTS: Column = {
  key: 'attempts',
  title: 'Attempts',
  about: 'How often it was sampled: 1, and one more for each rescue with harder parameters.',
  numeric: true,
  text: ({ attempts }) => String(attempts),
};

function chi2Column({ datum, data }: MisfitWords = PLAIN_MISFIT): Column {
  return {
    key: 'chi2',
    title: `χ²/${datum.one}`,
    about: `χ² of the best fit over the number of ${datum.many}: about 1 when the model describes the ${data.one}. Far above 1, the noise is larger than stated or the model misses something; a warning names the items beyond five standard deviations. – where the ${data.many} carry no noise.`,
    numeric: true,
    text: ({ chi2PerDatum }) => (chi2PerDatum === undefined ? '–' : plain(chi2PerDatum, 3)),
    alarming: ({ misfit }) => misfit === true,
  };
}

const WORST_RHAT: Column = {
  key: 'rhat',
  title: 'R̂ max',
  about:
    'The worst rank-normalised split R̂ of all parameters. Chains that disagree push it above 1; below 1.01 passes.',
  numeric: true,
  text: (row) => fixed(worstRhat(row), 4),
};

const SMALLEST_ESS: Column = {
  key: 'ess',
  title: 'ESS min',
  about:
    'The smallest effective sample size, bulk or tail, of all parameters: how many independent draws the chains are worth. 400 passes.',
  numeric: true,
  text: ({ parameters }) => grouped(smallestEss(parameters)),
};

const ACCEPTANCE: Column = {
  key: 'acceptance',
  title: 'Acceptance',
  about: 'Mean probability with which proposals were accepted.',
  numeric: true,
  text: ({ acceptance }) => fixed(acceptance, 2),
};

const DIVERGENCES: Column = {
  key: 'divergences',
  title: 'Divergences',
  about: 'Transitions whose energy error exceeded 1000: the integrator lost the trajectory. There must be none.',
  numeric: true,
  text: ({ divergences }) => grouped(divergences),
  value: ({ divergences }) => divergences,
};

const BFMI: Column = {
  key: 'bfmi',
  title: 'E-BFMI min',
  about:
    'Energy Bayesian fraction of missing information, worst chain. Below 0.3 the chain moves too slowly between energy levels.',
  numeric: true,
  text: ({ bfmi }) => plain(Math.min(...bfmi), 3),
};

// The terminal's short forms: numbers that can be read by programs, the verdict last.
const WORST_RHAT_TEXT: Column = { ...WORST_RHAT, text: (row) => rhatText(worstRhat(row)) };
const SMALLEST_ESS_TEXT: Column = { ...SMALLEST_ESS, text: ({ parameters }) => essText(smallestEss(parameters)) };
const ACCEPT: Column = { ...ACCEPTANCE, title: 'accept', text: ({ acceptance }) => acceptance.toFixed(2) };
const DRAWS: Column = { ...SAMPLES, title: 'draws', text: ({ parameters }) => essText(smallestEss(parameters)) };
const REJECTED: Column = {
  ...OUTSIDE,
  title: 'rejected',
  text: ({ rejected = 0 }) => `${(100 * rejected).toFixed(1)} %`,
};
const CONVERGED: Column = {
  key: 'converged',
  title: 'converged',
  text: (summary) => (!summary.converged ? 'NO' : unfit(summary) ? 'MISFIT' : 'yes'),
  alarming: (summary) => !summary.converged || unfit(summary),
};
const COMPLETE: Column = { ...CONVERGED, title: 'complete' };
