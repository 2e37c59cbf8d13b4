/** The loss over a plane as both views of it draw it. */
import { type Colouring, colouringOf } from '../../../../../ui/charts/colour-scale.ts';
import type { LandscapeProps, PathPoint } from '../props.ts';

export interface Field {
  readonly alpha: ArrayLike<number>;
  readonly beta: ArrayLike<number>;
  /** [beta][alpha], finite: what was not is as high as the highest. */
  readonly loss: Float64Array;
  /** How many were not finite. */
  readonly broken: number;
  readonly path: readonly PathPoint[];
  readonly log: boolean;
  readonly colouring: Colouring;
  readonly axes: readonly [alpha: string, beta: string];
}

type Plane = Pick<LandscapeProps, 'alpha' | 'beta' | 'loss' | 'path' | 'directions'>;

export function fieldOf({ alpha, beta, loss, path = [], directions }: Plane, log: boolean): Field {
  const [nx, ny] = [alpha.length, beta.length];
  const turned = new Float64Array(nx * ny);
  let [most, broken] = [Number.NEGATIVE_INFINITY, 0];
  for (let i = 0; i < nx * ny; i++) if (Number.isFinite(loss[i])) most = Math.max(most, loss[i]);
  for (let a = 0; a < nx; a++)
    for (let b = 0; b < ny; b++) {
      const value = loss[a * ny + b];
      if (!Number.isFinite(value)) broken++;
      turned[b * nx + a] = Number.isFinite(value) ? value : most;
    }
  const all = [...turned, ...path.map((point) => point.loss)];
  // Not every loss has a logarithm.
  const byLog = log && all.every((value) => value > 0);
  return {
    alpha,
    beta,
    loss: turned,
    broken,
    path,
    log: byLog,
    colouring: colouringOf({ kind: 'sequential', log: byLog }, all, false, 'amount'),
    axes: directions ? [`α · ${directions[0]}`, `β · ${directions[1]}`] : ['α', 'β'],
  };
}

/** Heights of so many contours between the ends of the loss, neither of them included; equally far apart as it is drawn. */
export function levelsOf({ colouring: { min, max, log } }: Pick<Field, 'colouring'>, count: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const part = (i + 1) / (count + 1);
    return log ? min * (max / min) ** part : min + part * (max - min);
  });
}

/** Place of a value among ascending ones, with what lies between; the ends where it is outside. */
function placeAmong(values: ArrayLike<number>, value: number): number {
  const last = values.length - 1;
  if (value <= values[0]) return 0;
  if (value >= values[last]) return last;
  let i = 0;
  while (values[i + 1] < value) i++;
  return i + (value - values[i]) / (values[i + 1] - values[i]);
}

/** The surface's loss at a place of the plane, bilinear between points. */
export function lossAt({ alpha, beta, loss }: Pick<Field, 'alpha' | 'beta' | 'loss'>, a: number, b: number): number {
  const nx = alpha.length;
  const [x, y] = [placeAmong(alpha, a), placeAmong(beta, b)];
  const [i, j] = [Math.min(Math.floor(x), nx - 2), Math.min(Math.floor(y), beta.length - 2)];
  const [u, v] = [x - i, y - j];
  const at = (di: number, dj: number) => loss[(j + dj) * nx + i + di];
  return (1 - v) * ((1 - u) * at(0, 0) + u * at(1, 0)) + v * ((1 - u) * at(0, 1) + u * at(1, 1));
}

/** Height of a loss as a share of the whole range, 0 … 1, as it is drawn. */
export function heightOf({ colouring: { min, max, log } }: Pick<Field, 'colouring'>, loss: number): number {
  const part = log ? Math.log(loss / min) / Math.log(max / min) : (loss - min) / (max - min);
  return Math.max(0, Math.min(1, part));
}
