/** Runs of the twin on a stamp of level0, one noise an item. */
import type { PosteriorItem } from '../../../results/posterior/item.ts';
import type { ModelSpec } from '../model-spec.ts';
import { TwinSession } from '../twin/session.ts';
import { galsimStamps } from './galsim.ts';
import { withNoise } from './specs.ts';

const stamp = galsimStamps.find((s) => s.name === 'level0_seed 2')!;
const NAMES = ['g1', 'g2', 'x', 'y', 'flux', 'hlr', 'e1', 'e2'];

export function openSession(spec: ModelSpec): TwinSession {
  return new TwinSession({
    spec,
    observation: (index) => withNoise(stamp.pixels, spec.noiseSigma, 42 + index),
    info: (index) => ({ index, runId: `s${42 + index}`, seed: 42 + index, truth: { g1: 0.02 } }),
    fixed: () => spec,
    parameterNames: NAMES.slice(0, spec.free),
  });
}

export async function run(spec: ModelSpec, items: readonly number[], budgetMs = 1000): Promise<PosteriorItem[]> {
  const session = openSession(spec);
  await session.start(items);
  while ((await session.advance(budgetMs)).phase !== 'done');
  const result = await session.collect();
  session.close();
  return result;
}

export function moments(values: ArrayLike<number>): { mean: number; sd: number } {
  const list = Array.from(values);
  const mean = list.reduce((a, b) => a + b, 0) / list.length;
  return { mean, sd: Math.sqrt(list.reduce((sum, v) => sum + (v - mean) ** 2, 0) / list.length) };
}
