/** A finished banana from what was kept of its draws. */
import type { ItemInfo } from '../../results/item.ts';
import { type DrawColumn, NO_FIT, type PosteriorItem } from '../../results/posterior/item.ts';
import type { BananaParams } from './experiment.ts';

/** What is kept of a draw, in the kernel's order. */
export const KEPT = ['x', 'y', 'lp', 'energy', 'energy_error', 'acceptance_rate', 'diverging'] as const;

/** @param kept [chain][draw][what is kept] */
export function bananaItem(info: ItemInfo, params: BananaParams, kept: ArrayLike<number>): PosteriorItem {
  const { chains, draws, warmup, leapfrogs, stepSize } = params;
  const count = chains * draws;
  const column = (name: (typeof KEPT)[number]): DrawColumn => ({
    name,
    values: Float64Array.from({ length: count }, (_, i) => kept[i * KEPT.length + KEPT.indexOf(name)]),
  });
  return {
    info,
    chains,
    draws,
    parameters: [column('x'), column('y')],
    stats: [
      column('lp'),
      column('energy'),
      column('energy_error'),
      column('acceptance_rate'),
      { name: 'step_size', values: new Float64Array(count).fill(stepSize) },
      { name: 'n_steps', values: new Int32Array(count).fill(leapfrogs) },
      { name: 'diverging', values: Uint8Array.from(column('diverging').values) },
    ],
    fit: NO_FIT,
    gradients: chains * (warmup + draws) * (leapfrogs + 1),
  };
}
