/**
 * The walk of a chunk as a list of stretches that a dispatch must not cross: fit, metric and start, warm-up, sampling. Pure: the session
 * asks what comes next and tells what was done.
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
  const { warmup, draws } = sampler;
  const list: Stretch[] = [{ phase: 'fit', kernel: 'fit', units: FIT_EVALUATIONS, after: ['metric', 'start'] }];
  if (warmup > 0) list.push({ phase: 'warmup', kernel: 'hmc', units: warmup, after: [] });
  list.push({ phase: 'sample', kernel: 'hmc', units: draws, after: [] });
  return list;
}
