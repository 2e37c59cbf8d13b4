/**
 * The walk of a chunk as a list of stretches that a dispatch must not cross: fit, metric and start, warm-up in two halves with the
 * re-whitening between, sampling. Pure: the session asks what comes next and tells what was done.
 */
import { FIT_EVALUATIONS, type ModelSpec } from '../model-spec.ts';
import type { KernelName } from './shaders.ts';

export interface Stretch {
  readonly phase: 'fit' | 'warmup' | 'sample';
  readonly kernel: 'fit' | 'hmc';
  /** Evaluations or transitions. */
  readonly units: number;
  /** Kernels that run once when the stretch is complete. */
  readonly after: readonly KernelName[];
}

export function stretches({ sampler }: ModelSpec): Stretch[] {
  const { warmup, draws, rewhiten } = sampler;
  const half = rewhiten ? Math.floor(warmup / 2) : 0;
  const list: Stretch[] = [{ phase: 'fit', kernel: 'fit', units: FIT_EVALUATIONS, after: ['metric', 'start'] }];
  if (half > 0) list.push({ phase: 'warmup', kernel: 'hmc', units: half, after: ['whiten'] });
  if (warmup > half) list.push({ phase: 'warmup', kernel: 'hmc', units: warmup - half, after: [] });
  list.push({ phase: 'sample', kernel: 'hmc', units: draws, after: [] });
  return list;
}

/** First warm-up transition whose position enters the pooled covariance. */
export function collectFrom({ sampler }: ModelSpec): number {
  return Math.floor(sampler.warmup / 4);
}
