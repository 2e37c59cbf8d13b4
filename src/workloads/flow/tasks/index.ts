/** The tasks by id. */
import { gaussian } from './gaussian.ts';
import { gaussianLinear } from './gaussian-linear.ts';
import { gaussianMixture } from './gaussian-mixture.ts';
import { shear } from './shear.ts';
import { slcp } from './slcp.ts';
import type { FlowTask } from './task.ts';
import { twoMoons } from './two-moons.ts';

export const tasks: readonly FlowTask[] = [gaussian, twoMoons, gaussianLinear, gaussianMixture, slcp, shear];

/** The task of that id, or undefined. */
export function taskOf(id: string): FlowTask | undefined {
  return tasks.find((task) => task.id === id);
}
