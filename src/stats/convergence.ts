import { ebfmi } from './ebfmi.ts';
import { type ParameterSummary, summarize, summarizeIndependent } from './summary.ts';
import { LOCKSTEP_THRESHOLDS, type SampleThresholds } from './thresholds.ts';

/** What `diagnose` needs of a finished item; columns are [chain][draw] flattened. */
export interface DiagnosableItem {
  readonly chains: number;
  readonly draws: number;
  /** `independent`: draws that are no chain's. */
  readonly sampling?: 'chains' | 'independent';
  readonly parameters: readonly { readonly name: string; readonly values: ArrayLike<number> }[];
  /** Of these `energy` and `diverging` are used (`Recorded`). */
  readonly stats: readonly { readonly name: string; readonly values: ArrayLike<number> }[];
}

/** A second judgement, which asks for less: R̂ and bulk ESS of some parameters, E-BFMI, and a share of divergent transitions. */
export interface LooserThresholds extends SampleThresholds {
  /** Judged alone where an item has any of them; without any of them, all are. */
  readonly parameters: readonly string[];
}

/** What a sampler can note of each draw, for E-BFMI and for divergent transitions. */
export type Recorded = 'energy' | 'diverging';

/** How posteriors are judged beside this project's thresholds. */
export interface Judging {
  /** Absent: by ours alone. */
  readonly looser?: LooserThresholds;
  /** What the sampler records: a posterior without it is not vouched for. Both unless given. */
  readonly records?: readonly Recorded[];
}

export const ALL_RECORDED: readonly Recorded[] = ['energy', 'diverging'];

export interface Verdicts {
  /** Passes the looser thresholds; absent where none were given. */
  readonly looser?: boolean;
  /** Passes ours on every parameter. */
  readonly lockstep: boolean;
  /** Why not, in words, one entry a failed check of ours; empty when `lockstep` holds. */
  readonly reasons: readonly string[];
}

export interface Diagnosis {
  /** In the item's order. */
  readonly perParameter: Readonly<Record<string, ParameterSummary>>;
  /** E-BFMI of each chain; empty where no energy was recorded. */
  readonly bfmi: readonly number[];
  readonly divergences: number;
  /** Divergent transitions as a share of chains × draws. */
  readonly divergenceFraction: number;
  readonly verdicts: Verdicts;
}

/**
 * Diagnoses independent draws: there is nothing to converge, so a verdict asks only that they are finite, not all equal, and as many as the
 * effective draws that chains need.
 */
function diagnoseIndependent(item: DiagnosableItem, looser: LooserThresholds | undefined): Diagnosis {
  const perParameter = Object.fromEntries(
    item.parameters.map(({ name, values }) => [name, summarizeIndependent(values)] as const),
  );
  const count = item.chains * item.draws;
  const all = Object.entries(perParameter);
  const broken = all.filter(([, { mean }]) => !Number.isFinite(mean)).map(([name]) => name);
  const frozen = all.filter(([, { sd }]) => sd === 0).map(([name]) => name);
  const sound = broken.length === 0 && frozen.length === 0;
  const reasons = [
    ...broken.map((name) => `some draws of ${name} are no finite numbers`),
    ...frozen.map((name) => `all draws of ${name} are equal`),
    ...(count < LOCKSTEP_THRESHOLDS.essMin ? [`${count} draws, fewer than ${LOCKSTEP_THRESHOLDS.essMin}`] : []),
  ];
  return {
    perParameter,
    bfmi: [],
    divergences: 0,
    divergenceFraction: 0,
    verdicts: {
      ...(looser && { looser: sound && count >= looser.essMin }),
      lockstep: reasons.length === 0,
      reasons,
    },
  };
}

/** Diagnoses one posterior. Every comparison is written so that NaN fails it. */
export function diagnose(item: DiagnosableItem, { looser, records = ALL_RECORDED }: Judging = {}): Diagnosis {
  if (item.sampling === 'independent') return diagnoseIndependent(item, looser);
  const perParameter: Record<string, ParameterSummary> = {};
  for (const { name, values } of item.parameters) perParameter[name] = summarize(values, item.chains, item.draws);
  const energy = item.stats.find((column) => column.name === 'energy')?.values;
  const bfmi = energy ? ebfmi(energy, item.chains, item.draws) : [];
  const diverging = item.stats.find((column) => column.name === 'diverging')?.values;
  let divergences = 0;
  for (let i = 0; diverging && i < diverging.length; i++) divergences += diverging[i] ? 1 : 0;
  const divergenceFraction = divergences / (item.chains * item.draws);

  const reasons: string[] = [];
  const single = item.chains < 2;
  if (single) reasons.push('R̂ needs at least 2 chains; there is 1');
  for (const [name, summary] of Object.entries(perParameter)) {
    const { rhatMax, essMin } = LOCKSTEP_THRESHOLDS;
    if (!single && !(summary.rhat < rhatMax))
      reasons.push(`R̂ of ${name} is ${format(summary.rhat, 4)}, not below ${rhatMax}`);
    if (!(summary.essBulk >= essMin))
      reasons.push(`bulk ESS of ${name} is ${format(summary.essBulk)}, below ${essMin}`);
    if (!(summary.essTail >= essMin))
      reasons.push(`tail ESS of ${name} is ${format(summary.essTail)}, below ${essMin}`);
  }
  bfmi.forEach((value, chain) => {
    if (value >= LOCKSTEP_THRESHOLDS.bfmiMin) return;
    reasons.push(`E-BFMI of chain ${chain} is ${format(value, 3)}, below ${LOCKSTEP_THRESHOLDS.bfmiMin}`);
  });
  if (divergences > 0) reasons.push(`${divergences} of ${item.chains * item.draws} transitions diverged`);
  if (!energy && records.includes('energy')) reasons.push('no energy was recorded, so E-BFMI is unknown');
  if (!diverging && records.includes('diverging')) reasons.push('no divergence flags were recorded');

  const sampled: Sampled = { perParameter, bfmi, divergences, divergenceFraction };
  return {
    ...sampled,
    verdicts: {
      ...(looser && { looser: passesLooser(sampled, looser) }),
      lockstep: reasons.length === 0,
      reasons,
    },
  };
}

type Sampled = Omit<Diagnosis, 'verdicts'>;

function passesLooser({ perParameter, bfmi, divergenceFraction }: Sampled, looser: LooserThresholds): boolean {
  const judged = looser.parameters.filter((name) => name in perParameter);
  return (
    (judged.length > 0 ? judged : Object.keys(perParameter)).every(
      (name) => perParameter[name].rhat <= looser.rhatMax && perParameter[name].essBulk >= looser.essMin,
    ) &&
    divergenceFraction <= looser.divergenceFractionMax &&
    bfmi.every((value) => value >= looser.bfmiMin)
  );
}

function format(value: number, digits = 0): string {
  return Number.isNaN(value) ? 'undefined (NaN)' : value.toFixed(digits);
}
