/** Losses, gradients and products with curvature over all items, a chunk of rows at a time: equal bits for any chunk. */
import { dot, type Machine } from '../../../../nn/graph/machine.ts';
import type { MetricProgress } from '../metric.ts';
import type { LossRows } from './loss-rows.ts';
import type { Tally } from './tally.ts';

/** What a pass over items runs on. */
export interface Pass {
  readonly machine: Machine;
  readonly rows: LossRows;
  readonly chunk: number;
  readonly tally: Tally;
}

export type Curvature =
  /** ∇²L, forward over reverse. */
  | 'hessian'
  /** (1/M) Σ J_mᵀ (diag p − p pᵀ) J_m; of a squared error (2/(N·o)) Σ JᵀJ. */
  | 'gauss-newton'
  /** (1/M) Σ g_m g_mᵀ over tokens, observed labels. */
  | 'empirical-fisher';

/** Work of one row, in forward passes. */
export const WORK = { forward: 1, gradient: 3, hessian: 9, 'gauss-newton': 5, 'empirical-fisher': 5 } as const;

/** The vector holds 0. */
export const zero = (machine: Machine, vector: string) => machine.combine(vector, []);

export const norm = async (machine: Machine, vector: string) => Math.sqrt(await dot(machine, vector, vector));

/** Rows `from` … `to` of every chunk. */
export function* chunks(count: number, chunk: number): Generator<readonly [number, number]> {
  for (let from = 0; from < count; from += chunk) yield [from, Math.min(count, from + chunk)];
}

/** Sum of each item's losses. @param parameters vector in θ's place */
export async function* lossSums(
  { machine, rows, chunk, tally }: Pass,
  parameters?: string,
): AsyncGenerator<MetricProgress, Float64Array> {
  const sums = new Float64Array(rows.count);
  for (const [from, to] of chunks(rows.count, chunk)) {
    await machine.forward(rows.batch(from, to, parameters));
    for (const [r, losses] of (await machine.losses()).entries()) sums[from + r] = rows.sumOf(losses);
    yield tally.add((to - from) * WORK.forward);
  }
  return sums;
}

/** into += ∇L, item after item; gives the sums of losses that it met. */
export async function* addGradient(
  { machine, rows, chunk, tally }: Pass,
  into: string,
  parameters?: string,
): AsyncGenerator<MetricProgress, Float64Array> {
  const sums = new Float64Array(rows.count);
  for (const [from, to] of chunks(rows.count, chunk)) {
    await machine.forward(rows.batch(from, to, parameters));
    await machine.backward({ seed: { kind: 'loss', weights: rows.weights(from, to) }, into });
    for (const [r, losses] of (await machine.losses()).entries()) sums[from + r] = rows.sumOf(losses);
    yield tally.add((to - from) * WORK.gradient);
  }
  return sums;
}

/** into ← curvature · direction. */
export async function* product(
  { machine, rows, chunk, tally }: Pass,
  kind: Curvature,
  direction: string,
  into: string,
): AsyncGenerator<MetricProgress, void> {
  await zero(machine, into);
  for (const [from, to] of chunks(rows.count, chunk)) {
    const weights = rows.weights(from, to);
    await machine.forward(rows.batch(from, to));
    await machine.tangent({ parameters: direction });
    if (kind === 'hessian') await machine.tangentBackward({ seed: { kind: 'loss', weights }, into });
    else await machine.backward({ seed: { kind, weights }, into });
    yield tally.add((to - from) * WORK[kind]);
  }
}
