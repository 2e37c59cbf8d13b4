/** What of a finished posterior the measures of quality take. */
import type { PosteriorItem } from '../item.ts';
import { rejectedShare } from '../rejected-share.ts';
import { CALIBRATED_DRAWS, CALIBRATED_ITEMS, COMPARED_ITEMS, MOMENT_POINTS, type QualityItem } from './types.ts';

/** The draws of item `place` (0-based, of those that have a posterior) that are looked at; 0 where it is not looked at at all. */
export function drawsLookedAt(place: number, truthsFromPrior: boolean): number {
  if (place < COMPARED_ITEMS) return MOMENT_POINTS;
  return truthsFromPrior && place < CALIBRATED_ITEMS ? CALIBRATED_DRAWS : 0;
}

/** Undefined for a posterior that cannot be held against an exact one: of chains, or of data that are not told. @param draws at most */
export function qualityItem(item: PosteriorItem, draws: number): QualityItem | undefined {
  const { info, sampling, parameters } = item;
  if (sampling !== 'independent' || !info.observation) return undefined;
  const rejected = rejectedShare(item);
  return {
    index: info.index,
    runId: info.runId,
    observation: info.observation,
    truth: info.truth,
    parameters: parameters.map(({ name, values }) => ({ name, values: Float64Array.from(values.subarray(0, draws)) })),
    ...(rejected !== undefined && { rejected }),
  };
}

/** Points [n][dimension] of the first n draws. */
export function pointsOf({ parameters }: QualityItem, n: number) {
  const dim = parameters.length;
  const values = new Float64Array(n * dim);
  parameters.forEach((column, i) => {
    for (let draw = 0; draw < n; draw++) values[draw * dim + i] = column.values[draw];
  });
  return { values, dim };
}
