/** How a text's numbers lie while it goes through a fused decoder, and its captured row. */
import type { DecoderOptions, WeightStorage } from '../batch.ts';
import { type CapturedPart, type Component, capturedParts } from '../capture.ts';
import type { DecoderSpec } from '../spec.ts';
import { fours, packingOf } from './layout.ts';
import type { FusedShape } from './shape.ts';

/** Parts of a text's numbers: what its threads share, or a thread has to itself (then logits too, and no sums between threads). */
export type StatePart =
  | 'stream'
  | 'normed'
  | 'qkv'
  | 'attended'
  | 'added'
  | 'inner'
  | 'scores'
  | 'logits'
  | 'normSums'
  | 'maxima'
  | 'weights'
  | 'running';

/** Where they begin, in numbers. */
export interface StateLayout {
  readonly parts: Readonly<Record<StatePart, number>>;
  readonly size: number;
}

export function stateLayout(spec: DecoderSpec, storage: WeightStorage, shape: FusedShape): StateLayout {
  const { width, heads, kvHeads, hidden, vocabulary } = spec;
  const { round, head, along, block4 } = packingOf(storage, spec.head, shape);
  let size = 0;
  const part = (numbers: number) => {
    const at = size;
    size += numbers;
    return at;
  };
  if (along === 'outputs') {
    const outputs = (numbers: number) => 4 * block4 * Math.ceil(numbers / (4 * block4));
    const parts = {
      stream: part(fours(width)),
      normed: part(fours(width)),
      qkv: part(outputs((heads + 2 * kvHeads) * head)),
      attended: part(heads * head),
      added: part(outputs(width)),
      inner: part(outputs(hidden)),
      logits: part(outputs(vocabulary)),
    };
    return { parts: { ...parts, scores: 0, normSums: 0, maxima: 0, weights: 0, running: 0 }, size };
  }
  const input = (numbers: number) => Math.ceil(numbers / round) * round;
  const parts = {
    stream: part(width),
    normed: part(input(width)),
    qkv: part((heads + 2 * kvHeads) * head),
    attended: part(input(heads * head)),
    added: part(width),
    // Scores are done with when the MLP begins.
    inner: part(Math.max(input(hidden), heads * shape.keys)),
    normSums: part(2 * shape.sharing),
    maxima: part(heads * shape.sharing),
    weights: part(heads * shape.sharing),
    running: part(4 * heads),
  };
  return { parts: { ...parts, scores: parts.inner, logits: 0 }, size };
}

/** Where captured components lie in a row; and the row's length, 1 where none are. */
export function captureLayout({ spec, capture }: Pick<DecoderOptions, 'spec' | 'capture'>): {
  readonly at: (component: Component) => number | undefined;
  readonly row: number;
} {
  const { parts, size } = capturedParts(spec, capture.components);
  const at = (component: Component) => parts.find((part: CapturedPart) => part.component === component)?.at;
  return { at, row: Math.max(size, 1) };
}
