/** What the pictures of a metric are made from. */
import type { Attributes } from '../../../../results/attributed.ts';
import type { ToldText } from '../../item-texts.ts';
import type { MetricTold } from '../../result.ts';
import type { Arrays } from '../arrays.ts';

export interface PicturesProps {
  readonly arrays: Arrays;
  readonly attributes: Attributes;
  readonly told: MetricTold;
  /** The metric's own texts: the first N of the run's. */
  readonly texts: readonly ToldText[];
  /** Which of them is chosen. */
  readonly text: number;
}

/** Words of a text; places where it has none. */
export function wordsOfText(text: ToldText | undefined, length: number): readonly string[] {
  return text?.words ?? Array.from({ length }, (_, place) => String(place));
}

export const streamNames = (count: number) => Array.from({ length: count }, (_, l) => `stream ${l}`);
export const blockNames = (count: number) => Array.from({ length: count }, (_, l) => `block ${l}`);

/** What the residual streams are called in maps. */
export const STREAMS = 'Stream l runs into block l; the last one into the last norm.';
