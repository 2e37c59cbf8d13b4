/** What a run analyses: a network with θ, and items. Two sources give it: a language model reads texts, a perceptron takes rows. */

import type { FileEntry } from '../../bundle/types.ts';
import type { Graph } from '../../nn/graph/graph.ts';
import type { LoadedFile } from '../workload.ts';
import type { AnalysedItem, PathPoint } from './metrics/metric.ts';

export interface Analysed extends LoadedFile {
  readonly graph: Graph;
  readonly theta: Float32Array;
  readonly path: readonly PathPoint[];
  readonly items: readonly AnalysedItem[];
  /** Begins texts that a metric makes, where a tokenizer says so. */
  readonly bosId?: number;
  /** Network and items in a sentence or two, as a run's notes have it. */
  readonly about: string;
  /** What must be known before the results are believed. */
  readonly warnings: readonly string[];
  /** The items as files of a run hold them, and what each file is. */
  readonly itemFiles: (folder: string) => { readonly entry: FileEntry; readonly about: string };
}
