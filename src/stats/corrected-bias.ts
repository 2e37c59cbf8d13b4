/** Bias of the values that likelihoods (not posterior means) prefer: regression that the prior does not pull. */
import { StatsInputError } from './errors.ts';
import type { GaussianLikelihood } from './likelihood.ts';
import { invertSymmetric, multiply } from './symmetric.ts';

/** One item: its likelihood and the truth of the same components. */
export interface LikelihoodPoint extends GaussianLikelihood {
  readonly truth: ArrayLike<number>;
  /** Points with one label leave the jackknife together. */
  readonly group: number;
}

/** ĝ = (1 + m) g + c of one component. */
export interface CorrectedBias {
  /** NaN where the truth of this component takes one value only: then m is held at zero and c is the offset there. */
  readonly m: number;
  /** Error that the likelihoods imply. */
  readonly mErr: number;
  readonly c: number;
  readonly cErr: number;
  /** Delete-one-group jackknife errors (Efron 1982); NaN with a single group. */
  readonly jackknife: { readonly mErr: number; readonly cErr: number };
  readonly n: number;
}

/** Normal equations of the coefficients (m and c of every component, m left out where it is held). */
class Equations {
  readonly matrix: Float64Array;
  readonly right: Float64Array;
  constructor(
    readonly components: number,
    readonly sloped: readonly boolean[],
  ) {
    const size = components + sloped.filter(Boolean).length;
    this.matrix = new Float64Array(size * size);
    this.right = new Float64Array(size);
  }
  add({ precision, shift, truth }: LikelihoodPoint, sign = 1): void {
    const d = this.components;
    // Coefficient → (component, its factor): component k appears through c_k · 1 and m_k · g_k.
    const terms: [number, number][] = [];
    for (let k = 0; k < d; k++) {
      terms.push([k, 1]);
      if (this.sloped[k]) terms.push([k, truth[k]]);
    }
    const expected = multiply(precision, truth);
    for (let a = 0; a < terms.length; a++) {
      const [k, factor] = terms[a];
      this.right[a] += sign * factor * (shift[k] - expected[k]);
      for (let b = 0; b < terms.length; b++) {
        const [l, other] = terms[b];
        this.matrix[a * terms.length + b] += sign * factor * other * precision[k * d + l];
      }
    }
  }
  /** Coefficients and their covariance; undefined where they are not determined. */
  solve(): { readonly values: Float64Array; readonly covariance: Float64Array } | undefined {
    const covariance = invertSymmetric(this.matrix, this.right.length);
    return covariance && { values: multiply(covariance, this.right), covariance };
  }
}

/**
 * Maximises Σ_i [η_iᵀ s_i − ½ s_iᵀ Λ_i s_i] over s_i = g_i + m ∘ g_i + c, jointly in all components. With many items at each
 * true value this is the inverse-variance regression of the combined ĝ = (ΣΛ)⁻¹Ση on the truth; with one item at each it
 * still divides by no single item. One result a component, in order; undefined where the likelihoods do not determine it.
 */
export function correctedBias(points: readonly LikelihoodPoint[]): CorrectedBias[] | undefined {
  if (points.length === 0) throw new StatsInputError('there are no items to combine');
  const d = points[0].truth.length;
  const sloped = Array.from({ length: d }, (_, k) => new Set(points.map(({ truth }) => truth[k])).size > 1);
  const all = new Equations(d, sloped);
  for (const point of points) all.add(point);
  const fit = all.solve();
  if (!fit) return undefined;
  const errors = jackknife(points, all);
  const size = fit.values.length;
  const starts = sloped.map((_, k) => k + sloped.slice(0, k).filter(Boolean).length);
  return sloped.map((hasSlope, k) => {
    const c = starts[k];
    const at = (values: ArrayLike<number>) => (hasSlope ? values[c + 1] : Number.NaN);
    const formal = Float64Array.from({ length: size }, (_, i) => Math.sqrt(fit.covariance[i * size + i]));
    return {
      m: at(fit.values),
      mErr: at(formal),
      c: fit.values[c],
      cErr: formal[c],
      jackknife: { mErr: at(errors), cErr: errors[c] },
      n: points.length,
    };
  });
}

/** sqrt((G − 1)/G Σ(β_g − β̄)²) of every coefficient, β_g without group g; NaN with one group or where one decides alone. */
function jackknife(points: readonly LikelihoodPoint[], all: Equations): Float64Array {
  const groups = new Map<number, LikelihoodPoint[]>();
  for (const point of points) groups.set(point.group, [...(groups.get(point.group) ?? []), point]);
  const size = all.right.length;
  const estimates: Float64Array[] = [];
  for (const members of groups.values()) {
    const rest = new Equations(all.components, all.sloped);
    rest.matrix.set(all.matrix);
    rest.right.set(all.right);
    for (const point of members) rest.add(point, -1);
    estimates.push(rest.solve()?.values ?? new Float64Array(size).fill(Number.NaN));
  }
  const count = estimates.length;
  return Float64Array.from({ length: size }, (_, i) => {
    if (count < 2) return Number.NaN;
    const mean = estimates.reduce((sum, values) => sum + values[i], 0) / count;
    const squares = estimates.reduce((sum, values) => sum + (values[i] - mean) ** 2, 0);
    return Math.sqrt(((count - 1) / count) * squares);
  });
}
