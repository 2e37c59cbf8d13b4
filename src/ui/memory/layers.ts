/** Buffers as layers of a stack over the batch size: the largest by name, the rest together. */
import type { MemoryCurve } from '../../engine/plan/memory-table.ts';

/** As many as there are series colours, less the one for the rest. */
const NAMED = 4;

export interface Layer {
  readonly name: string;
  readonly bytes: readonly number[];
}

export interface Stack {
  readonly chunks: readonly number[];
  /** From the bottom up. */
  readonly layers: readonly Layer[];
  readonly total: readonly number[];
  /** The largest storage buffer at each chunk: what one binding must hold. */
  readonly largestBinding: readonly number[];
}

/** `most`: the batch size at which buffers are compared, where the picture ends. */
export function stackOf({ chunks, buffers }: MemoryCurve, most: number): Stack {
  const last = Math.max(
    0,
    chunks.findLastIndex((chunk) => chunk <= most),
  );
  const sorted = [...buffers].sort((a, b) => b.bytes[last] - a.bytes[last]);
  const rest = sorted.slice(NAMED);
  const sum = (among: typeof buffers) =>
    chunks.map((_, i) => among.reduce((bytes, buffer) => bytes + buffer.bytes[i], 0));
  const bound = buffers.filter(({ role }) => role === 'storage');
  return {
    chunks,
    layers: [
      ...sorted.slice(0, NAMED).map(({ name, bytes }) => ({ name, bytes })),
      ...(rest.length > 0 ? [{ name: `${rest.length} others`, bytes: sum(rest) }] : []),
    ],
    total: sum(buffers),
    largestBinding: chunks.map((_, i) => bound.reduce((most, { bytes }) => Math.max(most, bytes[i]), 0)),
  };
}

/** The value over a chunk on the log₂ axis between its neighbours. */
export function at(stack: Stack, values: readonly number[], chunk: number): number {
  const { chunks } = stack;
  const above = chunks.findIndex((size) => size >= chunk);
  if (above < 0) return values[values.length - 1];
  if (above === 0 || chunks[above] === chunk) return values[above];
  const part = (chunk - chunks[above - 1]) / (chunks[above] - chunks[above - 1]);
  return values[above - 1] + part * (values[above] - values[above - 1]);
}
