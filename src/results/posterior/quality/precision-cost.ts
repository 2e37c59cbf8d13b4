/** What half precision costs and brings: one run in two precisions, sample by sample. */

import type { NetworkMemory } from '../../../gpu/network-memory.ts';
import type { BufferPlan } from '../../../gpu/plan.ts';
import { planBytes } from '../../../gpu/plan.ts';
import type { Precision } from '../../../gpu/precision.ts';
import { quantileSorted } from '../../../stats/order.ts';
import { c2stSteps } from '../../../stats/two-sample/c2st.ts';
import type { Points } from '../../../stats/two-sample/points.ts';
import type { Steps } from '../../../stats/two-sample/steps.ts';
import type { PosteriorItem } from '../item.ts';
import type { PrecisionCost } from './types.ts';

/** A finished run in one precision. */
export interface PrecisionRun {
  readonly precision: Precision;
  /** Independent draws, in the run's order. */
  readonly items: readonly PosteriorItem[];
  /** All draws over the time of the run, compiling left out. */
  readonly samplesPerSecond: number;
  readonly buffers: BufferPlan;
  readonly network?: NetworkMemory;
  /** Of each item and parameter: root mean square of the way from the start of a sample to its end, i.e. of its mean velocity. */
  readonly velocityRms?: readonly (readonly number[])[];
}

export interface CostProgress {
  readonly fraction: number;
}

/** C2ST of the reference against itself, by item and number of points: one for all precisions. */
export type ReferenceControls = Map<string, number>;

/**
 * Compares a run with the same one in another precision.
 * @param reference in f32, of the same configuration and seed. @param points samples on either side of a C2ST, at most half of an item's
 * @throws RangeError where the runs are not of the same items
 */
export function* precisionCostSteps(
  reference: PrecisionRun,
  run: PrecisionRun,
  points: number,
  controls: ReferenceControls = new Map(),
): Steps<CostProgress, PrecisionCost> {
  const ids = ({ items }: PrecisionRun) => items.map(({ info }) => info.runId).join();
  if (reference.items.length === 0 || ids(reference) !== ids(run)) {
    throw new RangeError('the runs do not have the same items; compare runs of one configuration and seed');
  }
  const differences: number[] = [];
  let velocityDifference = reference.velocityRms ? 0 : undefined;
  const [values, chance]: [number[], number[]] = [[], []];
  let used = points;
  for (const [at, single] of reference.items.entries()) {
    const half = run.items[at];
    for (const { difference, rms, parameter } of pairedDifferences(single, half)) {
      differences.push(difference / rms);
      const velocity = reference.velocityRms?.[at][parameter] ?? rms;
      if (velocityDifference !== undefined) velocityDifference = Math.max(velocityDifference, difference / velocity);
    }
    const n = Math.min(points, single.draws >> 1, half.draws >> 1);
    used = Math.min(used, n);
    const progress = (part: number) => ({ fraction: (at + part) / reference.items.length });
    // Never the two ends of one noise: a classifier that has seen the one would take the other for it.
    const first = cut(single, 0, n);
    const key = `${at} ${n}`;
    const told = (part: number) => (fold: number) => progress((part + fold) / 2);
    const control = controls.get(key) ?? (yield* c2stTold(first, cut(single, n, n), at, told(0)));
    controls.set(key, control);
    chance.push(control);
    values.push(half === single ? control : yield* c2stTold(first, cut(half, n, n), at, told(1)));
  }
  const sorted = Float64Array.from(differences).sort();
  const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
  return {
    precision: run.precision,
    samplesPerSecond: run.samplesPerSecond,
    throughputRatio: run.samplesPerSecond / reference.samplesPerSecond,
    bytes: planBytes(run.buffers),
    bytesRatio: planBytes(run.buffers) / planBytes(reference.buffers),
    halvedRatio: halvedRatio(reference.buffers, run.buffers),
    ...(run.network && { network: run.network }),
    pairs: sorted.length / reference.items[0].parameters.length,
    largestDifference: sorted[sorted.length - 1],
    difference99: quantileSorted(sorted, 0.99),
    ...(velocityDifference !== undefined && { velocityDifference }),
    c2st: { value: mean(values), control: mean(chance) },
    points: used,
  };
}

/** Accuracy of the classifier, told by the share of its folds that are done. */
function* c2stTold(
  reference: Points,
  sample: Points,
  seed: number,
  tell: (done: number) => CostProgress,
): Steps<CostProgress, number> {
  const steps = c2stSteps(reference, sample, seed);
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value.accuracy;
    yield tell(step.value.fold / step.value.folds);
  }
}

interface Difference {
  /** |v16 − v32|, in the units of the parameter. */
  readonly difference: number;
  /** Of the parameter's deviations from its mean. */
  readonly rms: number;
  /** Its place. */
  readonly parameter: number;
}

/** Numbers of an item's draws among all that were drawn. */
export function drawNumbers({ stats, draws }: PosteriorItem): ArrayLike<number> {
  return stats.find(({ name }) => name === 'accepted_index')?.values ?? Int32Array.from({ length: draws }, (_, i) => i);
}

/** Of all parameters of the samples that both have kept, which go by their number among all that were drawn. */
function pairedDifferences(single: PosteriorItem, half: PosteriorItem): Difference[] {
  const place = new Map(Array.from(drawNumbers(half), (number, draw) => [number, draw]));
  const pairs = Array.from(drawNumbers(single), (number, draw) => [draw, place.get(number)] as const);
  return single.parameters.flatMap(({ values }, i) => {
    const others = half.parameters[i].values;
    const rms = spreadOf(Float64Array.from(values));
    return pairs.flatMap(([a, b]) =>
      b === undefined ? [] : [{ difference: Math.abs(others[b] - values[a]), rms, parameter: i }],
    );
  });
}

/** Root mean square deviation from the mean. */
function spreadOf(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

function cut({ parameters }: PosteriorItem, from: number, n: number): Points {
  const dim = parameters.length;
  const values = Float64Array.from(
    { length: n * dim },
    (_, at) => parameters[at % dim].values[from + Math.floor(at / dim)],
  );
  return { values, dim };
}

function halvedRatio(reference: BufferPlan, run: BufferPlan): number {
  let [before, after] = [0, 0];
  for (const { name, bytes } of run.buffers) {
    const single = reference.buffers.find((buffer) => buffer.name === name)?.bytes ?? bytes;
    if (single === bytes) continue;
    before += single;
    after += bytes;
  }
  return before > 0 ? after / before : 1;
}
