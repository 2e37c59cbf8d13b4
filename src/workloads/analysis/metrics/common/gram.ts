/** Inner products of all pairs of vectors of θ's size, a tile of them held at once: each is made again for every tile behind its own. */
import type { JsonValue } from '../../../../bundle/json.ts';
import type { Machine } from '../../../../nn/graph/machine.ts';
import type { MetricProgress } from '../metric.ts';
import { byLayer, type Layers } from './layers.ts';
import type { Tally } from './tally.ts';

/** Vector that others are held against a tile in. */
export const BESIDE = 'beside';
const held = (k: number) => `tile.${k}`;

/** What a machine must hold. @param count vectors in all */
export function gramVectors(count: number, tile: number): string[] {
  const kept = Math.min(count, tile);
  return [...Array.from({ length: kept }, (_, k) => held(k)), ...(kept < count ? [BESIDE] : [])];
}

/** Times that a vector is made, for all of them. */
export function gramMakes(count: number, tile: number): number {
  let makes = 0;
  for (let from = 0; from < count; from += tile) makes += count - from;
  return makes;
}

export interface GramRequest {
  readonly machine: Machine;
  readonly count: number;
  readonly tile: number;
  readonly layers: Layers;
  readonly tally: Tally;
  /** Makes vector `index` in `into`. */
  readonly make: (index: number, into: string) => AsyncGenerator<MetricProgress, void>;
  readonly saved?: JsonValue;
  /** What goes with the saved state of the products. */
  readonly beside?: () => JsonValue;
}

export interface GramState {
  readonly [key: string]: JsonValue | undefined;
  /** Vectors whose products with all later ones are there. */
  readonly whole: number;
  readonly done: number;
  readonly products: readonly number[];
  readonly beside?: JsonValue;
}

/** [layers + 1][count][count]: each layer's part, then all. Equal to the bit for any tile. */
export async function* gram(request: GramRequest): AsyncGenerator<MetricProgress, Float64Array> {
  const { machine, count, tile, layers, tally, make, beside } = request;
  const state = request.saved as GramState | undefined;
  const parts = layers.names.length + 1;
  const products = state ? Float64Array.from(state.products) : new Float64Array(parts * count * count);
  let whole = state?.whole ?? 0;
  tally.done = Math.max(tally.done, state?.done ?? 0);
  const note = async (i: number, j: number, a: string, b: string) => {
    const own = byLayer(layers, await machine.dots(a, b));
    const all = own.reduce((sum, part) => sum + part, 0);
    for (const [part, value] of [...own, all].entries()) {
      products[(part * count + i) * count + j] = value;
      products[(part * count + j) * count + i] = value;
    }
  };
  for (let from = whole; from < count; from = whole) {
    const to = Math.min(count, from + tile);
    for (let k = from; k < to; k++) {
      yield* make(k, held(k - from));
      for (let j = from; j <= k; j++) await note(k, j, held(k - from), held(j - from));
    }
    for (let other = to; other < count; other++) {
      yield* make(other, BESIDE);
      for (let k = from; k < to; k++) await note(other, k, BESIDE, held(k - from));
    }
    whole = to;
    const done = tally.done;
    tally.saved = async (): Promise<JsonValue> => ({
      whole: to,
      done,
      products: Array.from(products),
      beside: beside?.(),
    });
    yield tally.add(0);
  }
  return products;
}
