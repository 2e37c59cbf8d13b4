/** One cell of the table: a position, component and layer, and what a method makes of it. */
import { cosine, meanDifference, unit } from '../../../stats/classification/directions.ts';
import { norm, projections } from '../../../stats/classification/products.ts';
import { accuracyAt, midpoint } from '../../../stats/classification/separation.ts';
import type { ControlQuestion } from './controls.ts';
import { type Direction, fitDirection, LayerRows } from './fit.ts';
import type { Folds } from './folds.ts';
import { innerAucs, type LayerCandidate } from './inner.ts';
import { foldScores, judged, textsOf } from './judge.ts';
import { layerRows, massiveDimensions } from './massive.ts';
import type {
  FittedVector,
  MassiveDimension,
  Method,
  PooledActivations,
  PooledPart,
  VectorOptions,
  VectorScore,
} from './types.ts';

/** Seconds a layer: at chosen ones, or those that are asked for. */
export const SLOW: readonly Method[] = ['ica', 'rfm'];

export interface Cell {
  readonly part: PooledPart;
  readonly layer: number;
  readonly rows: LayerRows;
  readonly massive: readonly MassiveDimension[];
  readonly pooled: PooledActivations;
  readonly folds: Folds;
  readonly options: VectorOptions;
  /** Of the activations as they are, what is massive included. */
  readonly activationNorm: number;
}

export function cellOf(
  part: PooledPart,
  layer: number,
  pooled: PooledActivations,
  folds: Folds,
  options: VectorOptions,
): Cell {
  const { n } = pooled;
  const x = layerRows(part, layer);
  const d = part.width;
  const massive = massiveDimensions(x, n, { component: part.component, layer });
  let activationNorm = 0;
  for (let i = 0; i < n; i++) activationNorm += norm(x.subarray(i * d, (i + 1) * d)) / n;
  if (options.zeroMassive) for (const { dimension } of massive) for (let i = 0; i < n; i++) x[i * d + dimension] = 0;
  return { part, layer, rows: new LayerRows(x, n, options.rows), massive, pooled, folds, options, activationNorm };
}

/** Scores of a method there, its vector from all texts, and what choosing among layers goes by. */
export function scored(
  cell: Cell,
  method: Method,
): { score: VectorScore; vector: FittedVector; candidate?: LayerCandidate } {
  const { part, layer, rows, pooled, folds, options, activationNorm } = cell;
  const { y } = pooled;
  const fitted = (texts: readonly number[], fold?: number): Direction => {
    const validation = method === 'rfm' ? aside(folds, texts, fold) : [];
    return fitDirection(method, { rows, y, texts, validation, seed: options.seed });
  };
  const fits = foldScores(folds, y, rows.x, fitted);
  const all = textsOf(folds, () => true);
  const { vector, norm: length } = fitted(all);
  const sample = { scores: projections(rows.x, vector), labels: y };
  const baseline = midpoint(sample);
  const { position, component } = part;
  const at = { position, component, layer, method };
  return {
    score: {
      ...at,
      norm: length,
      cosine: cosine(vector, unit(meanDifference(rows.x, y))),
      ...judged(folds, y, fits),
      chosen: false,
    },
    vector: {
      ...at,
      ...{ norm: length, baseline, activationNorm },
      vector: Float32Array.from(vector),
      trainAccuracy: accuracyAt(sample, baseline),
    },
    ...(!SLOW.includes(method) &&
      method !== 'random' && { candidate: { layer, fits, inner: innerAucs(folds, y, rows.x, fits, fitted) } }),
  };
}

/** Of the training part, the fold behind the one that is held out: by it RFM chooses among its settings. */
function aside(folds: Folds, texts: readonly number[], fold = -1): number[] {
  const next = (fold + 1) % folds.count;
  return texts.filter((text) => folds.of[text] === next);
}

export function controlQuestion({ rows, pooled: { y, question }, folds, options: { seed } }: Cell): ControlQuestion {
  return { rows, y, question, folds, seed };
}
