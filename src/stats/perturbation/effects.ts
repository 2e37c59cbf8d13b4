/** Effects of perturbations on mean expression, predicted against real: Cell-Eval's metrics on pseudobulks. */
import { pearson } from '../correlation.ts';
import { meanAbsoluteDifference, meanSquaredDifference } from '../expression/profile.ts';

/** Mean expression of one perturbation's cells and of the controls, ln(1 + x) of normalised counts. */
export interface Pseudobulk {
  readonly perturbed: Float64Array;
  readonly control: Float64Array;
}

export interface EffectAgreement {
  /** Pearson correlation over genes of (mean − control mean), predicted against real. */
  readonly pearsonDelta: number;
  /** Mean over genes of |difference| and difference² of the perturbed means. */
  readonly mae: number;
  readonly mse: number;
  /** The same of (mean − control mean). */
  readonly maeDelta: number;
  readonly mseDelta: number;
}

/** mean − control mean, each gene. */
export function effectOf({ perturbed, control }: Pseudobulk): Float64Array {
  return perturbed.map((value, gene) => value - control[gene]);
}

export function effectAgreement(real: Pseudobulk, predicted: Pseudobulk): EffectAgreement {
  const [x, y] = [effectOf(real), effectOf(predicted)];
  return {
    pearsonDelta: pearson(x, y),
    mae: meanAbsoluteDifference(real.perturbed, predicted.perturbed),
    mse: meanSquaredDifference(real.perturbed, predicted.perturbed),
    maeDelta: meanAbsoluteDifference(x, y),
    mseDelta: meanSquaredDifference(x, y),
  };
}

export type EffectDistance = 'l1' | 'l2' | 'cosine';

/**
 * 1 − rank/P for each perturbation: the rank (from 0) of its real effect among the real effects of all P, by distance to its predicted one.
 * 1 where the right one is nearest; ½ + ½/P by chance. Equal distances share their mean rank (Cell-Eval leaves them to its sort).
 * @param leftOut gene of each perturbation that is not looked at: the one it aims at
 */
export function discriminationScores(
  real: readonly Float64Array[],
  predicted: readonly Float64Array[],
  by: EffectDistance,
  leftOut: readonly (number | undefined)[] = [],
): Float64Array {
  return Float64Array.from(predicted, (effect, p) => {
    const distances = real.map((other) => distance(other, effect, by, leftOut[p]));
    const own = distances[p];
    const nearer = distances.filter((d) => d < own).length;
    const equal = distances.filter((d) => d === own).length;
    return 1 - (nearer + (equal - 1) / 2) / real.length;
  });
}

function distance(a: Float64Array, b: Float64Array, by: EffectDistance, leftOut: number | undefined): number {
  let [sum, aa, bb, ab] = [0, 0, 0, 0];
  for (let gene = 0; gene < a.length; gene++) {
    if (gene === leftOut) continue;
    const difference = Math.abs(a[gene] - b[gene]);
    sum += by === 'l1' ? difference : difference * difference;
    aa += a[gene] * a[gene];
    bb += b[gene] * b[gene];
    ab += a[gene] * b[gene];
  }
  if (by === 'l1') return sum;
  if (by === 'l2') return Math.sqrt(sum);
  return aa > 0 && bb > 0 ? 1 - ab / Math.sqrt(aa * bb) : 1;
}
