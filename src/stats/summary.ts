import { prepareDraws } from './draws.ts';
import { requireDraws } from './errors.ts';
import { essBulkOf, essTailOf } from './ess.ts';
import { mcseMeanOf } from './mcse.ts';
import { quantileSorted, sortedCopy } from './order.ts';
import { type Peak, peaksOf } from './peaks.ts';
import { rhatOf } from './rhat.ts';

/** One parameter's posterior in numbers, in the parameter's own unit. */
export interface ParameterSummary {
  readonly mean: number;
  readonly median: number;
  /** Standard deviation with S − 1 in the denominator, as ArviZ prints it. */
  readonly sd: number;
  /** Standard deviation with S in the denominator (ddof 0). */
  readonly sdPopulation: number;
  readonly q05: number;
  readonly q95: number;
  /** Monte Carlo standard error of the mean. */
  readonly mcse: number;
  readonly rhat: number;
  readonly essBulk: number;
  readonly essTail: number;
  /** Where there are several: no mean stands for them. */
  readonly peaks?: readonly Peak[];
}

/**
 * Location, spread and convergence of one parameter. Diagnostics are NaN where they do not exist (`prepareDraws`);
 * a NaN draw makes location and spread NaN too.
 * @param values [chain][draw] flattened.
 */
export function summarize(values: ArrayLike<number>, chains: number, draws: number): ParameterSummary {
  requireDraws(values, chains, draws);
  const set = prepareDraws(values, chains, draws);
  return {
    ...spread(values, set?.sorted),
    mcse: set ? mcseMeanOf(set) : Number.NaN,
    rhat: set ? rhatOf(set) : Number.NaN,
    essBulk: set ? essBulkOf(set) : Number.NaN,
    essTail: set ? essTailOf(set) : Number.NaN,
  };
}

/**
 * The same of independent draws: each counts as one effective draw, the error of the mean is sd/√n, and R̂, which compares chains, does not
 * exist. Draws that are not finite, or all equal, have no effective size either.
 */
export function summarizeIndependent(values: ArrayLike<number>): ParameterSummary {
  const { sd, ...where } = spread(values);
  const ess = sd > 0 && Number.isFinite(sd) ? values.length : Number.NaN;
  return { ...where, sd, mcse: sd / Math.sqrt(ess), rhat: Number.NaN, essBulk: ess, essTail: ess };
}

/** Location and spread. @param ordered the values in ascending order, where they are known */
function spread(values: ArrayLike<number>, ordered?: Float64Array) {
  const size = values.length;
  let sum = 0;
  for (let i = 0; i < size; i++) sum += values[i];
  const mean = sum / size;
  let squares = 0;
  for (let i = 0; i < size; i++) squares += (values[i] - mean) ** 2;
  const sorted = ordered ?? sortedCopy(values);
  // Sorting puts NaN last, so quantiles of broken draws would look healthy.
  const peaks = Number.isFinite(mean) && peaksOf(sorted);
  const quantile = (p: number): number => (Number.isNaN(mean) ? Number.NaN : quantileSorted(sorted, p));
  return {
    mean,
    median: quantile(0.5),
    sd: Math.sqrt(squares / (size - 1)),
    sdPopulation: Math.sqrt(squares / size),
    q05: quantile(0.05),
    q95: quantile(0.95),
    ...(peaks && { peaks }),
  };
}
