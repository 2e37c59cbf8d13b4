/** The observations of a task: those of sbibm that we have, then five simulations of our own; and others from its prior predictive. */
import { keyOfSeed, type RandomKey } from '../../../stats/threefry.ts';
import sbibm from './sbibm/observations.json' with { type: 'json' };
import type { FlowTask, Observation, Simulation } from './task.ts';

const OWN = 5;
/** Of our own observations; training must not use it. */
export const OBSERVATION_SEED = 20_210_413;

/** Of observations drawn from the prior predictive; training must not use it either. */
const PREDICTIVE_SEED = 20_261_130;

/**
 * The first `count` of a fixed row of simulations of the prior: what a network meets, corners and edges of the prior in their due share. The
 * observations that a task has, five or ten, may all be kind.
 */
export function priorPredictive(task: FlowTask, count: number): readonly Observation[] {
  const key = keyOfSeed(PREDICTIVE_SEED);
  return Array.from({ length: count }, (_, i) => {
    const { theta, x } = task.simulate(key, i);
    return {
      id: `predictive-${i + 1}`,
      label: `prior predictive ${i + 1}`,
      theta: theta.map(Math.fround),
      x: x.map(Math.fround),
    };
  });
}

/** θ and x of our own are rounded to f32, so that engines whose logarithms differ in the last bit agree. */
export function observationsOf(
  id: string,
  simulate: (key: RandomKey, index: number) => Simulation,
): readonly Observation[] {
  const theirs = Object.hasOwn(sbibm, id) ? sbibm[id as keyof typeof sbibm] : [];
  const key = keyOfSeed(OBSERVATION_SEED);
  return [
    ...theirs.map(({ x, theta }, i) => ({
      id: `sbibm-${i + 1}`,
      label: `sbibm observation ${i + 1}`,
      theta: Float64Array.from(theta),
      x: Float64Array.from(x),
    })),
    ...Array.from({ length: OWN }, (_, i) => {
      const { theta, x } = simulate(key, i);
      return {
        id: `own-${i + 1}`,
        label: `simulated observation ${i + 1}`,
        theta: theta.map(Math.fround),
        x: x.map(Math.fround),
      };
    }),
  ];
}
