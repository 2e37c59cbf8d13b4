/** A finished text from its tokens and sums. */
import type { TextSums } from '../../nn/transformer/batch.ts';
import type { CapturedPart } from '../../nn/transformer/capture.ts';
import type { ItemArray } from '../../results/arrays.ts';
import type { DatasetItem } from '../../results/dataset/item.ts';
import type { ItemInfo } from '../../results/item.ts';
import type { EncodedText } from '../language-models/encode.ts';
import type { TextSettings } from './problem.ts';

/** A text that is done. */
export interface FinishedText {
  /** Of the response, given or drawn. */
  readonly tokens: ArrayLike<number>;
  /** `end`: by a token that ends texts. */
  readonly finish: 'given' | 'end' | 'length';
  readonly sums: TextSums;
  /** −log p of every id but the first, nats. */
  readonly nll?: ArrayLike<number>;
  /** Positions that were computed for it. */
  readonly work: number;
}

/** Behind the last token of a response. */
export const NO_TOKEN = -1;

/** Names of a component's axes behind `position`; those of one group that share a name have one length. */
function dimsOf({ component }: CapturedPart): readonly [string, string] {
  if (component === 'residual') return ['layer', 'dimension'];
  return ['block', component === 'k_proj' || component === 'v_proj' ? 'kv_dimension' : 'dimension'];
}

/** Means of a text, a row a position; not numbers where a position has no token. */
function means({ counts, sums }: TextSums, rowSize: number, { at, entries, width }: CapturedPart) {
  const size = entries * width;
  const values = new Float32Array(counts.length * size);
  counts.forEach((count, position) => {
    for (let i = 0; i < size; i++) values[position * size + i] = sums[position * rowSize + at + i] / count;
  });
  return values;
}

export function textItem(
  info: ItemInfo,
  { positions, parts, rowSize, responseLength, model }: TextSettings,
  { given, ids, prompt }: EncodedText,
  { tokens, finish, sums, nll, work }: FinishedText,
): DatasetItem {
  const written = Array.from(tokens);
  const padded = new Int32Array(responseLength).fill(NO_TOKEN);
  padded.set(written);
  // The first score is of the second id.
  const scores = nll && Array.from(nll).slice(prompt - 1, prompt - 1 + written.length);
  const arrays: ItemArray[] = [
    {
      group: 'positions',
      name: 'counts',
      dims: ['position'],
      shape: [positions.length],
      values: Int32Array.from(sums.counts),
    },
    ...parts.map((part): ItemArray => {
      const { component, entries, width } = part;
      return {
        group: 'activations',
        name: component,
        dims: ['position', ...dimsOf(part)],
        shape: [positions.length, entries, width],
        values: means(sums, rowSize, part),
      };
    }),
  ];
  if (responseLength > 0)
    arrays.unshift({ group: 'tokens', name: 'tokens', dims: ['token'], shape: [responseLength], values: padded });
  return {
    info,
    arrays,
    attributes: {
      id: given.id,
      label: given.label,
      question: given.question,
      prompt: given.prompt,
      ...(given.system !== undefined && { system: given.system }),
      response: given.response ?? model.tokenizer?.decodeBehind(ids.slice(0, prompt), written) ?? written.join(' '),
      prompt_ids: ids.slice(0, prompt).join(' '),
      prompt_tokens: prompt,
      tokens: written.length,
      finish,
      positions: positions.map(({ words }) => words).join(', '),
      ...(scores && scores.length > 0 && { nll: scores.reduce((sum, value) => sum + value, 0) / scores.length }),
    },
    work,
  };
}
