/**
 * What the residuals of all items say together: correlations too weak for one item show in the mean of many. Items of one seed share their
 * noise (pairs at ±g) and count as one.
 */
import type { ItemSummary } from './item-summary.ts';
import type { Measured, ResidualCheck } from './residuals.ts';

export interface PooledResiduals {
  /** Items that were averaged. */
  readonly items: number;
  readonly neighbours: ResidualCheck['neighbours'];
  readonly border: Measured;
  /** Width of the estimates' scatter under the correlations found, over that under independent noise. */
  readonly widthFactor: number;
  /** Beyond chance, and large enough to matter. */
  readonly correlated: boolean;
  readonly scatters: boolean;
}

/** Standard deviations: with five statistics one run in 3,000 is marked wrongly. */
const BEYOND = 4;
/** Smaller ones change a width by some five per cent at most, and a model that is good to a few per mille can make them. */
const LEAST = 0.01;
/** χ² a datum and border agree to this part where the size of the noise is all that is wrong. */
const AGREEING = 0.25;

/** The misfit is one of the size of the noise alone: correlations, which are taken of the measured size, mean what they say. */
export function noiseSizeAlone({ chi2PerDatum = Number.NaN, fit }: ItemSummary): boolean {
  return fit.residuals !== undefined && Math.abs(chi2PerDatum / fit.residuals.border.value ** 2 - 1) < AGREEING;
}

/** Of items whose residuals are noise; undefined where none were looked at. */
export function pooledResiduals(summaries: readonly ItemSummary[]): PooledResiduals | undefined {
  const bySeed = new Map<number, ResidualCheck[]>();
  let items = 0;
  for (const summary of summaries) {
    const { residuals } = summary.fit;
    if (!residuals || (summary.misfit && !noiseSizeAlone(summary))) continue;
    items++;
    bySeed.set(summary.info.seed, [...(bySeed.get(summary.info.seed) ?? []), residuals]);
  }
  if (items === 0) return undefined;
  const groups = [...bySeed.values()];
  const pooled = (of: (residuals: ResidualCheck) => Measured): Measured => {
    const each = groups.map((group) => ({ value: mean(group.map((one) => of(one).value)), sd: of(group[0]).sd }));
    return {
      value: mean(each.map(({ value }) => value)),
      sd: Math.sqrt(mean(each.map(({ sd }) => sd * sd)) / each.length),
    };
  };
  const beyond = ({ value, sd }: Measured, expected: number) =>
    Math.abs(value - expected) > Math.max(BEYOND * sd, LEAST);
  const neighbours = groups[0][0].neighbours.map(({ along }, k) => ({
    along,
    ...pooled((each) => each.neighbours[k]),
  }));
  const border = pooled((each) => each.border);
  return {
    items,
    neighbours,
    border,
    widthFactor: Math.sqrt(Math.max(0, mean(groups.map((group) => mean(group.map((one) => one.varianceRatio)))))),
    correlated: neighbours.some((each) => beyond(each, 0)),
    scatters: beyond(border, 1),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
