import { ALL_RECORDED, type Judging } from './convergence.ts';
import type { ParameterSummary } from './summary.ts';
import { LOCKSTEP_THRESHOLDS } from './thresholds.ts';

/** What the checks look at; a finished item's summary has it. */
export interface Checkable {
  /** `independent` draws are judged by their number alone. */
  readonly sampling?: 'chains' | 'independent';
  readonly parameters: readonly (ParameterSummary & { readonly name: string })[];
  /** E-BFMI of each chain. */
  readonly bfmi: readonly number[];
  readonly divergences: number;
  readonly divergenceFraction: number;
}

/** One check by one set of thresholds. */
export interface CheckResult {
  /** The worst value, and the parameter or chain it belongs to. */
  readonly value: number;
  readonly where: string;
  readonly threshold: number;
  readonly pass: boolean;
}

export interface Check {
  readonly id: 'rhat' | 'essBulk' | 'essTail' | 'bfmi' | 'divergences';
  readonly lockstep: CheckResult;
  /** By the looser thresholds; absent where there are none, or where they do not look. */
  readonly looser?: CheckResult;
}

/**
 * The checks behind `diagnose`'s two verdicts, one by one: all `lockstep` results pass exactly when its `lockstep` verdict holds
 * (given that all was recorded that the sampler records), and so for the looser ones, which look at bulk ESS only.
 * Divergences are counted by ours and given as a share of all transitions by the looser ones.
 */
export function checksOf(item: Checkable, { looser, records = ALL_RECORDED }: Judging = {}): Check[] {
  const named = item.parameters.filter(({ name }) => looser?.parameters.includes(name));
  const judged = named.length > 0 ? named : item.parameters;
  const ours = LOCKSTEP_THRESHOLDS;
  const bfmi = worst(
    item.bfmi.map((value, chain) => ({ where: `chain ${chain + 1}`, value })),
    false,
  );
  const ess = (key: 'essBulk' | 'essTail') => atLeast(of(item.parameters, key, false), ours.essMin);
  const rhat = of(item.parameters, 'rhat', true);
  const looserRhat = of(judged, 'rhat', true);
  const bulk: Check = {
    id: 'essBulk',
    lockstep: ess('essBulk'),
    ...(looser && { looser: atLeast(of(judged, 'essBulk', false), looser.essMin) }),
  };
  if (item.sampling === 'independent') return [bulk];
  const checks: Check[] = [
    {
      id: 'rhat',
      lockstep: { ...rhat, threshold: ours.rhatMax, pass: rhat.value < ours.rhatMax },
      ...(looser && {
        looser: { ...looserRhat, threshold: looser.rhatMax, pass: looserRhat.value <= looser.rhatMax },
      }),
    },
    bulk,
    { id: 'essTail', lockstep: ess('essTail') },
    {
      id: 'bfmi',
      lockstep: atLeast(bfmi, ours.bfmiMin),
      ...(looser && { looser: atLeast(bfmi, looser.bfmiMin) }),
    },
    {
      id: 'divergences',
      lockstep: { value: item.divergences, where: 'all chains', threshold: 0, pass: item.divergences === 0 },
      ...(looser && {
        looser: {
          value: item.divergenceFraction,
          where: 'all chains',
          threshold: looser.divergenceFractionMax,
          pass: item.divergenceFraction <= looser.divergenceFractionMax,
        },
      }),
    },
  ];
  return checks.filter(
    ({ id }) =>
      (id !== 'bfmi' || records.includes('energy')) && (id !== 'divergences' || records.includes('diverging')),
  );
}

interface Worst {
  readonly where: string;
  readonly value: number;
}

function of(parameters: Checkable['parameters'], key: 'rhat' | 'essBulk' | 'essTail', largest: boolean): Worst {
  return worst(
    parameters.map((parameter) => ({ where: parameter.name, value: parameter[key] })),
    largest,
  );
}

/** The largest or smallest value; one that is not a number is worse than any. */
function worst(values: readonly Worst[], largest: boolean): Worst {
  const badness = ({ value }: Worst) => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : largest ? value : -value);
  const none: Worst = { where: '', value: Number.NaN };
  return values.reduce((bad, entry, at) => (at === 0 || badness(entry) > badness(bad) ? entry : bad), none);
}

function atLeast(found: Worst, threshold: number): CheckResult {
  return { ...found, threshold, pass: found.value >= threshold };
}
