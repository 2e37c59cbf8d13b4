/** Files in SHINE's own layout and words (its `shine-bias-run` and `shine-bias-extract`), which its users' scripts read. */
import { encodeCsv } from '../../../bundle/csv.ts';
import type { JsonValue } from '../../../bundle/json.ts';
import { PythonFloat, type PythonValue, pythonFloat, pythonJson } from '../../../bundle/python-text.ts';
import type { FitFields } from '../../../results/posterior/residuals-json.ts';

/** Truth of one realization; leave out what is unknown. Flux in the image's units, hlr in arcsec. */
export interface ShineTruth {
  readonly g1?: number;
  readonly g2?: number;
  readonly flux?: number;
  readonly hlr?: number;
  readonly e1?: number;
  readonly e2?: number;
  readonly seed: number;
}

const TRUTH_KEYS = ['g1', 'g2', 'flux', 'hlr', 'e1', 'e2'] as const;

/** Text of `truth.json`. */
export function shineTruthJson(truth: ShineTruth): string {
  const known = TRUTH_KEYS.flatMap((key) => {
    const value = truth[key];
    return value === undefined ? [] : [[key, new PythonFloat(value)] as const];
  });
  return pythonJson({ ...Object.fromEntries(known), seed: truth.seed });
}

/** Diagnostics of one realization as SHINE extracts them. */
export interface ShineConvergence {
  /** Rank-normalised split R̂ by parameter; SHINE lists g1 and g2. */
  readonly rhat: Readonly<Record<string, number>>;
  /** Bulk ESS by parameter. */
  readonly ess: Readonly<Record<string, number>>;
  readonly divergences: number;
  readonly divergenceFraction: number;
  /** One a chain. */
  readonly bfmi: readonly number[];
  /** Draws of all chains together. */
  readonly samples: number;
  readonly chains: number;
  /** How often it was sampled, rescues included; not one of SHINE's keys. */
  readonly attempts?: number;
  /** How model and noise describe the image; not SHINE's keys. */
  readonly fit?: FitFields;
}

/** Text of `convergence.json`. NaN is written as Python writes it: a bare `NaN`, which only Python's parser takes. */
export function shineConvergenceJson(convergence: ShineConvergence): string {
  const floats = (values: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, new PythonFloat(value)]));
  return pythonJson({
    rhat: floats(convergence.rhat),
    ess: floats(convergence.ess),
    divergences: convergence.divergences,
    divergence_frac: new PythonFloat(convergence.divergenceFraction),
    bfmi: convergence.bfmi.map((value) => new PythonFloat(value)),
    n_samples: convergence.samples,
    n_chains: convergence.chains,
    ...(convergence.attempts !== undefined && { n_attempts: convergence.attempts }),
    ...asFloats(convergence.fit ?? {}),
  });
}

function asFloats(value: FitFields): { readonly [key: string]: PythonValue } {
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, asFloat(member)]));
}

function asFloat(value: JsonValue): PythonValue {
  if (typeof value === 'number') return new PythonFloat(value);
  if (Array.isArray(value)) return value.map(asFloat);
  return typeof value === 'object' && value !== null ? asFloats(value as FitFields) : (value ?? '');
}

/** Posterior of one shear component. */
export interface ShineEstimate {
  readonly mean: number;
  readonly median: number;
  /** With S in the denominator (ddof 0). */
  readonly std: number;
}

/** One line of `summary.csv`. */
export interface ShineSummaryRow {
  readonly runId: string;
  /** Of other programs the seed may be unknown, too. */
  readonly truth: Omit<ShineTruth, 'seed'> & { readonly seed?: number };
  readonly g1: ShineEstimate;
  readonly g2: ShineEstimate;
  readonly convergence: ShineConvergence;
  /** Verdict on SHINE's thresholds. */
  readonly passed: boolean;
  /** Columns after SHINE's, by name: those that any row has. */
  readonly more?: Readonly<Record<string, string | number | undefined>>;
}

/** Column after SHINE's: model and noise do not describe the image, whatever the chains say. */
export const UNFIT = 'unfit';

export const SHINE_SUMMARY_COLUMNS = [
  'run_id',
  'g1_true',
  'g2_true',
  'g1_mean',
  'g1_median',
  'g1_std',
  'g2_mean',
  'g2_median',
  'g2_std',
  'rhat_g1',
  'rhat_g2',
  'ess_g1',
  'ess_g2',
  'divergences',
  'divergence_frac',
  'passed_convergence',
  'seed',
] as const;

/** Text of `summary.csv`, in SHINE's columns and order, then ours; cells that are unknown are empty. */
export function shineSummaryCsv(rows: readonly ShineSummaryRow[]): string {
  const float = (value: number | undefined): string => (value === undefined ? '' : pythonFloat(value));
  const added = [...new Set(rows.flatMap(({ more = {} }) => Object.keys(more)))];
  return encodeCsv(
    [...SHINE_SUMMARY_COLUMNS, ...added],
    rows.map(({ runId, truth, g1, g2, convergence, passed, more }) => [
      runId,
      float(truth.g1),
      float(truth.g2),
      float(g1.mean),
      float(g1.median),
      float(g1.std),
      float(g2.mean),
      float(g2.median),
      float(g2.std),
      float(convergence.rhat.g1),
      float(convergence.rhat.g2),
      float(convergence.ess.g1),
      float(convergence.ess.g2),
      convergence.divergences,
      float(convergence.divergenceFraction),
      passed ? 'True' : 'False',
      truth.seed ?? '',
      ...added.map((name) => more?.[name] ?? ''),
    ]),
  );
}
