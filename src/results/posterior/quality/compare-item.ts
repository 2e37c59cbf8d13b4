/** One posterior against exact draws. */

import { c2stSteps } from '../../../stats/two-sample/c2st.ts';
import { mmdSteps } from '../../../stats/two-sample/mmd.ts';
import type { Points } from '../../../stats/two-sample/points.ts';
import { slicedWassersteinSteps } from '../../../stats/two-sample/sliced-wasserstein.ts';
import type { Steps } from '../../../stats/two-sample/steps.ts';
import type { ExactPosteriors } from '../exact.ts';
import { pointsOf } from './item.ts';
import { type ItemQuality, MOMENT_POINTS, type ParameterShift, type QualityItem } from './types.ts';

/** How much of a comparison is done, 0 to 1, and what is being done. */
export interface CompareProgress {
  readonly what: string;
  readonly fraction: number;
}

/** What the measures come to for exact draws against exact draws. The run has no part in it, so it is kept for the next one. */
interface Control {
  readonly c2st: number;
  readonly mmd2: number;
  readonly slicedW2: number;
}
export type Controls = Map<string, Control>;

/** Shares of the time, by and large. */
const [SAMPLE, CONTROL] = [0.5, 0.5];
const C2ST_SHARE = 0.7;
const MMD_SHARE = 0.9;

/**
 * All measures of one posterior. @param n points on either side, at most: fewer where the item has fewer draws
 * @throws what `exact.draws` throws; StatsInputError for draws that are not finite
 */
export function* compareItemSteps(
  item: QualityItem,
  exact: ExactPosteriors,
  n: number,
  controls: Controls,
): Steps<CompareProgress, ItemQuality> {
  const draws = item.parameters[0].values.length;
  const points = Math.min(n, draws);
  const { dimension: dim } = exact;
  const seed = item.index;
  // Observations do not share random numbers: their errors average out.
  const reference = exact.draws(item.observation, Math.max(points, MOMENT_POINTS), 2 * item.index);
  const first = { values: reference.subarray(0, points * dim), dim };
  const sample = yield* measureSteps(first, pointsOf(item, points), seed, item.runId, 0, SAMPLE);
  const key = JSON.stringify([item.index, points, item.observation]);
  let control = controls.get(key);
  if (!control) {
    const second = { values: exact.draws(item.observation, points, 2 * item.index + 1), dim };
    control = yield* measureSteps(first, second, seed, `${item.runId}, exact draws`, SAMPLE, CONTROL);
    controls.set(key, control);
  }
  return {
    index: item.index,
    runId: item.runId,
    points,
    c2st: { value: sample.c2st, control: control.c2st },
    mmd2: { value: sample.mmd2, control: control.mmd2 },
    slicedW2: { value: sample.slicedW2, control: control.slicedW2 },
    outsidePrior: item.rejected ?? outsideShare(pointsOf(item, draws), exact),
    parameters: shifts(item, { values: reference, dim }),
    meanShiftError: Math.sqrt(1 / draws + dim / reference.length),
  };
}

/** The three measures, as a part of the whole from `from` that is `share` long. */
function* measureSteps(
  reference: Points,
  sample: Points,
  seed: number,
  name: string,
  from: number,
  share: number,
): Steps<CompareProgress, Control> {
  const at = (measure: string, fraction: number) => ({
    what: `${name}: ${measure}`,
    fraction: from + share * fraction,
  });
  const classifier = yield* through(c2stSteps(reference, sample, seed), ({ fold, folds }) =>
    at('C2ST', (C2ST_SHARE * fold) / folds),
  );
  const { mmd2 } = yield* through(mmdSteps(reference, sample), ({ rows, ofRows }) =>
    at('MMD', C2ST_SHARE + ((MMD_SHARE - C2ST_SHARE) * rows) / ofRows),
  );
  const slicedW2 = yield* through(slicedWassersteinSteps(reference, sample, seed), ({ projections, ofProjections }) =>
    at('sliced W2', MMD_SHARE + ((1 - MMD_SHARE) * projections) / ofProjections),
  );
  return { c2st: classifier.accuracy, mmd2, slicedW2 };
}

function* through<P, Q, R>(steps: Steps<P, R>, map: (progress: P) => Q): Steps<Q, R> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    yield map(step.value);
  }
}

function outsideShare({ values, dim }: { values: Float64Array; dim: number }, exact: ExactPosteriors): number {
  let outside = 0;
  for (let at = 0; at < values.length; at += dim) if (!exact.insidePrior(values.subarray(at, at + dim))) outside++;
  return (outside * dim) / values.length;
}

function shifts({ parameters }: QualityItem, reference: { values: Float64Array; dim: number }): ParameterShift[] {
  const { values, dim } = reference;
  return parameters.map(({ name, values: drawn }, i) => {
    const exact = moments(values.filter((_, at) => at % dim === i));
    const run = moments(drawn);
    return { name, meanShift: (run.mean - exact.mean) / exact.sd, sdRatio: run.sd / exact.sd };
  });
}

function moments(values: Float64Array): { mean: number; sd: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: Math.sqrt(squares / (values.length - 1)) };
}
