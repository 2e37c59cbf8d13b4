/** What a run analyses: model, θ, texts. */
import type { Graph } from '../../nn/graph/graph.ts';
import type { LoadedModel } from '../language-models/model.ts';
import type { LoadedFile } from '../workload.ts';
import type { PathPoint } from './metrics/metric.ts';
import type { AnalysedTexts } from './texts.ts';

export interface AnalysedModel extends LoadedFile {
  readonly model: LoadedModel;
  readonly graph: Graph;
  readonly theta: Float32Array;
  readonly path: readonly PathPoint[];
  readonly texts: AnalysedTexts;
  /** Where the texts come from, as notes say it. */
  readonly from: string;
}
