/**
 * Whether the simulator makes data like an observation at all: its isolation (`stats/neighbours.ts`) among simulations from prior and simulator,
 * ranked among that of further simulations. The p-value (1 + number as isolated or more)/(1 + their number) is at most α in α of all
 * simulations, whatever the task is (a conformal p-value, Vovk et al. 2005): that is its rate of false alarms. The further
 * simulations are finite in number, which leaves the rate at α = 0.001 uncertain by about a half of it.
 */
import { Neighbours } from '../../stats/neighbours.ts';
import type { RandomKey } from '../../stats/threefry.ts';
import type { FlowTask } from './tasks/task.ts';
import { seenByNetwork, taskShape } from './training/setup.ts';

/** Simulations that an observation is held against, and those that its isolation is ranked among: 0.1 to 0.3 s a task on one core. */
const AMONG = 2048;
const RANKED = 8191;
/** Of more than five numbers, where searches look at nearly all. */
const RANKED_WIDE = 4095;
const WIDE = 6;
const NEIGHBOURS = 6;
/** First word of their keys: neither training nor runs have it. */
const PREDICTIVE_KEY = 0x70726564; // "pred"

interface PriorPredictive {
  /** p-value of an observation in the units of the simulator. */
  pValue(x: ArrayLike<number>): number;
}

const known = new WeakMap<FlowTask, PriorPredictive>();

/** Simulated with the first use, and kept. */
export function priorPredictive(task: FlowTask): PriorPredictive {
  const found = known.get(task) ?? simulated(task);
  known.set(task, found);
  return found;
}

/** What networks see of x; undefined where that does not exist, e.g. the logarithm of no spread. */
export function seenOf(task: FlowTask): (x: ArrayLike<number>) => ArrayLike<number> | undefined {
  const shape = taskShape(task);
  return (x) => {
    try {
      return seenByNetwork(shape, x);
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  };
}

function simulated(task: FlowTask): PriorPredictive {
  const see = seenOf(task);
  const simulations = (count: number, purpose: number) => {
    const key: RandomKey = [PREDICTIVE_KEY, purpose];
    return Array.from({ length: count }, (_, index) => see(task.simulate(key, index).x)).filter(
      (row) => row !== undefined,
    );
  };
  const among = simulations(AMONG, 1);
  const scale = scaleOf(among);
  const dim = scale.length;
  const values = Float64Array.from(among.flatMap((row) => scaled(row, scale)));
  const neighbours = new Neighbours({ values, dim }, NEIGHBOURS);
  // Rounded, so that engines whose logarithms differ in the last bit rank alike.
  const isolation = (row: ArrayLike<number>) => Math.fround(neighbours.isolation(scaled(row, scale)));
  const ranked = Float64Array.from(simulations(dim < WIDE ? RANKED : RANKED_WIDE, 2), isolation).sort();
  return {
    pValue(x) {
      const row = see(x);
      const found = row ? isolation(row) : Number.NaN;
      // Written so that NaN is beyond all.
      const beyond = ranked.length - firstNotBelow(ranked, Number.isNaN(found) ? Number.POSITIVE_INFINITY : found);
      return (1 + beyond) / (1 + ranked.length);
    },
  };
}

interface Scale {
  readonly mean: number;
  readonly sd: number;
}

/** Of every number, over the simulations. */
function scaleOf(rows: readonly ArrayLike<number>[]): Scale[] {
  return Array.from(rows[0], (_, i) => {
    const mean = rows.reduce((sum, row) => sum + row[i], 0) / rows.length;
    const square = rows.reduce((sum, row) => sum + (row[i] - mean) ** 2, 0) / rows.length;
    return { mean, sd: Math.sqrt(square) };
  });
}

function scaled(row: ArrayLike<number>, scale: readonly Scale[]): number[] {
  return scale.map(({ mean, sd }, i) => (row[i] - mean) / sd);
}

/** Index of the first of the ascending values that is at least `value`; their number where there is none. */
function firstNotBelow(values: Float64Array, value: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
