/**
 * Lanczos' method over vectors of a machine, with full reorthogonalisation, twice, against every q (ghosts of converged eigenvalues need the basis
 * to lose its orthogonality). The basis q.0 … q.(m−1) is planned: its bytes are known before anything runs. T is f64 on the CPU.
 */
import { dot, type Machine } from '../../../nn/graph/machine.ts';
import type { LanczosCoefficients } from '../../../stats/spectrum/ritz.ts';
import { tridiagonalVectors } from '../../../stats/spectrum/tridiagonal.ts';
import { norm } from './common/products.ts';
import type { MetricProgress } from './metric.ts';

/** What the product is written to, and what is left of it. */
export const IMAGE = 'image';
export const basisVector = (j: number) => `q.${j}`;

/** Vectors of m steps. */
export function lanczosVectors(steps: number): string[] {
  return [IMAGE, ...Array.from({ length: steps }, (_, j) => basisVector(j))];
}

/** Steps that m come to in a space of so many dimensions. */
export const stepsIn = (size: number, steps: number) => Math.min(size, steps);

export interface LanczosRun extends LanczosCoefficients {
  readonly alpha: readonly number[];
  readonly beta: readonly number[];
  /** q₀ᵀHq₀ by tensor. */
  readonly first: Float64Array;
}

/** What is left of a product below this share of ‖T‖ is rounding: the walk has met all that the start vector is made of. */
const EXHAUSTED = { f64: 1e-12, f32: 1e-5 } as const;

/**
 * @param multiply image ← H · vector
 * @param steps m; fewer are taken where the start vector lies in an invariant space of fewer dimensions; the last β is then rounding
 * @param confine leaves of the image what belongs to the block whose spectrum is wanted
 */
export async function* lanczos(
  machine: Machine,
  multiply: (vector: string, into: string) => AsyncGenerator<MetricProgress, void>,
  steps: number,
  confine?: (vector: string) => Promise<void>,
): AsyncGenerator<MetricProgress, LanczosRun> {
  const [alpha, beta]: number[][] = [[], []];
  let first = new Float64Array(0);
  let scale = 0;
  for (let j = 0; ; j++) {
    yield* multiply(basisVector(j), IMAGE);
    if (confine) await confine(IMAGE);
    const parts = await machine.dots(basisVector(j), IMAGE);
    if (j === 0) first = Float64Array.from(parts);
    alpha.push(parts.reduce((sum, part) => sum + part, 0));
    for (let round = 0; round < 2; round++) await reorthogonalise(machine, j);
    const left = await norm(machine, IMAGE);
    scale = Math.max(scale, Math.abs(alpha[j]) + left);
    const ended = !(left > EXHAUSTED[machine.arithmetic] * scale);
    beta.push(left);
    if (ended || j + 1 === steps) return { alpha, beta, first };
    await machine.combine(basisVector(j + 1), [[1 / left, IMAGE]]);
  }
}

/** Takes from the image what lies along q.0 … q.j. */
async function reorthogonalise(machine: Machine, j: number): Promise<void> {
  const terms: [number, string][] = [[1, IMAGE]];
  for (let i = 0; i <= j; i++) terms.push([-(await dot(machine, IMAGE, basisVector(i))), basisVector(i)]);
  await machine.combine(IMAGE, terms);
}

/** target ← unit Ritz vector of Ritz value `which` in descending order, while the basis of the run is there. */
export async function ritzVector(
  machine: Machine,
  { alpha, beta }: LanczosRun,
  which: number,
  target: string,
): Promise<void> {
  const m = alpha.length;
  const { vectors } = tridiagonalVectors(alpha, beta);
  await machine.combine(
    target,
    alpha.map((_, k) => [vectors[which * m + k], basisVector(k)] as const),
  );
}
