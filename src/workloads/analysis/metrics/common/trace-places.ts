/** Places that causal tracing restores, and what it restores them in. */
import { type Graph, parameterOf } from '../../../../nn/graph/graph.ts';
import type { AnalysedItem, MetricSetting, Target } from '../metric.ts';
import { targetOf } from './items.ts';
import { addressed } from './randoms.ts';

/** As the arrays have them; `residPost` of a block is `residPre` of the next. */
export const SITES = ['residPre', 'attention', 'mlp', 'residPost'] as const;

export interface Place {
  readonly kind: 'residual' | 'attention' | 'mlp';
  /** Of a residual 0 … L. */
  readonly layer: number;
  readonly position: number;
  readonly value: string;
}

/** Numbers in the arrays of sums: residuals 0 … L, then attentions, then MLPs, [tokens] each. */
export function placeIn({ layers }: Graph, { kind, layer, position }: Place, tokens: number): number {
  const before = kind === 'residual' ? 0 : kind === 'attention' ? layers + 1 : 2 * layers + 1;
  return (before + layer) * tokens + position;
}

export const cellsOf = ({ layers }: Graph, tokens: number): number => (3 * layers + 1) * tokens;

/** Probabilities are of a position's next token, whatever else is explained by a logit. */
export const tracedTarget = (setting: MetricSetting, item: AnalysedItem): Target => ({
  ...targetOf(setting, item),
  kind: 'log-probability',
});

/** Positions that are corrupted: as told, or the first half of what lies before the target, its beginning left as it is. */
export function corruptedPositions({ corrupt }: MetricSetting, { position }: Target): number[] {
  if (corrupt) return corrupt.filter((t) => t <= position);
  const last = Math.floor(position / 2);
  return last < 1 ? [0] : Array.from({ length: last }, (_, i) => i + 1);
}

/**
 * Places that can change what the target's position says, in the order of the streams they begin with: nothing lies before the first corrupted position or
 * behind the target, and behind the last block's attention positions do not mix.
 */
export function placesOf(graph: Graph, corrupted: readonly number[], { position: last }: Target): Place[] {
  const first = Math.min(...corrupted);
  return graph.residuals.flatMap((value, layer) => {
    const range = (from: number) => Array.from({ length: last - from + 1 }, (_, i) => from + i);
    const block = graph.blocks[layer];
    const streams = range(block ? first : last).map(
      (position): Place => ({ kind: 'residual', layer, position, value }),
    );
    if (!block) return streams;
    const outputs = range(layer === graph.layers - 1 ? last : first).flatMap((position): Place[] => [
      { kind: 'attention', layer, position, value: block.attention },
      { kind: 'mlp', layer, position, value: block.mlp },
    ]);
    return [...streams, ...outputs];
  });
}

/** Standard deviation of all numbers of the table of embeddings. */
export function embeddingDeviation(graph: Graph, theta: Float32Array): number {
  const embed = graph.operations.find((op) => op.kind === 'embed' && op.out === graph.embedded);
  if (embed?.kind !== 'embed' || graph.input.kind !== 'tokens') throw new RangeError('the network has no embeddings');
  const { at } = parameterOf(graph, embed.table);
  const size = graph.input.vocabulary * graph.widths[graph.embedded];
  let [sum, squares] = [0, 0];
  for (let i = at; i < at + size; i++) sum += theta[i];
  const mean = sum / size;
  for (let i = at; i < at + size; i++) squares += (theta[i] - mean) ** 2;
  return Math.sqrt(squares / size);
}

/** [corrupted position][width] of a draw of an item. */
export type Noise = (item: number, draw: number, positions: number) => ArrayLike<number>;

/** Normal, of `noise` standard deviations of the embeddings (Meng et al. 2022: 3). */
export function addressedNoise({ graph, theta, noise, seed }: MetricSetting): Noise {
  const scale = noise * embeddingDeviation(graph, theta);
  const width = graph.widths[graph.embedded];
  return (item, draw, positions) => {
    const words = addressed(seed, 'noise', item, draw);
    return Float64Array.from({ length: positions * width }, () => scale * words.normal());
  };
}
