/** The points of θ's space at which a landscape's loss is computed. */
import type { Machine } from '../../../../nn/graph/machine.ts';
import type { MetricSetting } from '../metric.ts';
import { DIRECTIONS, ofPath } from './plane.ts';

export const POINT = 'point';
export const SPARE = 'spare';

/** Step of a central difference along an axis, in units of the direction: where rounding and the fourth derivative err alike. */
const SMALL_STEP = { f64: 2 ** -13, f32: 2 ** -5 } as const;
export const smallStep = (arithmetic: 'f32' | 'f64') => SMALL_STEP[arithmetic];

export type LandscapePoint =
  /** θ + αd₁ + βd₂. */
  | { readonly kind: 'plane'; readonly alpha: number; readonly beta: number }
  /** A checkpoint itself. */
  | { readonly kind: 'checkpoint'; readonly checkpoint: number }
  /** γθ + (1 − γ)θ₀, θ₀ the first checkpoint. */
  | { readonly kind: 'line'; readonly gamma: number };

/** α and β of the grid, ascending, 0 in the middle. */
export function axisOf({ sizes, span }: MetricSetting): Float64Array {
  const n = sizes.landscapeGrid;
  return Float64Array.from({ length: n }, (_, k) => span * ((2 * k) / (n - 1) - 1));
}

/** The grid, α first; a small step down and up each axis; of a path its checkpoints and the line from its first. */
export function landscapePoints(setting: MetricSetting, arithmetic: 'f32' | 'f64'): LandscapePoint[] {
  const axis = [...axisOf(setting)];
  const step = smallStep(arithmetic);
  const at = (alpha: number, beta: number): LandscapePoint => ({ kind: 'plane', alpha, beta });
  const own = ofPath(setting);
  return [
    ...axis.flatMap((alpha) => axis.map((beta) => at(alpha, beta))),
    at(-step, 0),
    at(step, 0),
    at(0, -step),
    at(0, step),
    ...(own ? setting.path.map((_, checkpoint): LandscapePoint => ({ kind: 'checkpoint', checkpoint })) : []),
    ...(own ? axis.map((_, k): LandscapePoint => ({ kind: 'line', gamma: k / (axis.length - 1) })) : []),
  ];
}

/** point ← the parameters there. */
export async function placePoint(
  machine: Machine,
  { path, theta }: MetricSetting,
  point: LandscapePoint,
): Promise<void> {
  if (point.kind === 'checkpoint') return machine.write(POINT, path[point.checkpoint].theta);
  if (point.kind === 'plane')
    return machine.combine(POINT, [
      [1, 'theta'],
      [point.alpha, DIRECTIONS[0]],
      [point.beta, DIRECTIONS[1]],
    ]);
  await machine.write(
    SPARE,
    Float64Array.from(theta, (own, p) => path[0].theta[p] - own),
  );
  return machine.combine(POINT, [
    [1, 'theta'],
    [1 - point.gamma, SPARE],
  ]);
}
