/**
 * What padding does to means over all tokens: texts of many lengths in one batch, padded on the left to the longest as others do it, where
 * the mean goes over the pads as well. Pads go through the model as a text of their own: the text is masked from them, and keeps its own
 * activations, but the mean does not.
 */

import { type DoneText, runTexts, type TextRequest } from './run-texts.ts';
import { type EvaluationHooks, type EvaluationSetting, modelWords } from './setting.ts';
import type { PaddingRow, PaddingTable } from './types.ts';

/** Of a text in a table. */
const MOST_LETTERS = 80;

export async function measurePadding(
  { model, texts, place, storage }: EvaluationSetting,
  count: number,
  { signal, progress }: EvaluationHooks<PaddingRow, PaddingTable> = {},
): Promise<PaddingTable> {
  const { spec } = model.source;
  const chosen = texts.slice(0, count);
  const longest = Math.max(...chosen.map(({ ids }) => ids.length));
  const pad = model.ends[0] ?? model.tokenizer?.end ?? model.tokenizer?.begin ?? 0;
  const whole = (ids: readonly number[]): TextRequest => ({
    ids,
    prompt: ids.length,
    newTokens: 0,
    seed: 0,
    windows: [[0, Number.POSITIVE_INFINITY]],
    strength: 0,
  });
  const padCounts = [...new Set(chosen.map(({ ids }) => longest - ids.length))].filter((pads) => pads > 0);
  const decoder = await place.open(
    {
      spec,
      storage,
      slots: Math.min(chosen.length + padCounts.length, place.sizes['activations.slots']),
      context: longest,
      capture: { components: ['residual'], windows: 1, kept: false },
      sampling: { temperature: 0, topK: 0, topP: 1 },
      ends: [],
      scored: false,
    },
    signal,
  );
  try {
    const requests = [
      ...chosen.map(({ ids }) => whole(ids)),
      ...padCounts.map((pads) => whole(new Array<number>(pads).fill(pad))),
    ];
    const done = await runTexts(decoder, requests, {
      signal,
      grown: (_, finished) =>
        progress?.({ what: 'Reading texts and pads', done: finished, of: requests.length, share: 0 }),
    });
    const pads = new Map(padCounts.map((pads, i) => [pads, done[chosen.length + i]]));
    const rows = chosen.map(({ given, ids }, i): PaddingRow => {
      const missing = longest - ids.length;
      const moved = moves(done[i], pads.get(missing), spec.layers + 1, spec.width);
      return { text: (given.prompt ?? '').slice(0, MOST_LETTERS), tokens: ids.length, pads: missing, ...moved };
    });
    rows.sort((a, b) => a.tokens - b.tokens);
    return { rows, longest, model: modelWords(model) };
  } finally {
    decoder.close();
  }
}

/** How far the mean moves where it moves most; the embedding, which no block has seen, is not looked at. */
function moves(own: DoneText, pads: DoneText | undefined, layers: number, width: number) {
  const tokens = own.sums.counts[0];
  const others = pads?.sums.counts[0] ?? 0;
  let worst = { moved: 0, cosine: 1, layer: layers - 1 };
  for (let layer = 1; layer < layers; layer++) {
    let [distance, square, padded, product] = [0, 0, 0, 0];
    for (let k = layer * width; k < (layer + 1) * width; k++) {
      const mean = own.sums.sums[k] / tokens;
      const over = (own.sums.sums[k] + (pads?.sums.sums[k] ?? 0)) / (tokens + others);
      distance += (over - mean) ** 2;
      square += mean ** 2;
      padded += over ** 2;
      product += mean * over;
    }
    const moved = Math.sqrt(distance / square);
    if (moved > worst.moved) worst = { moved, cosine: product / Math.sqrt(square * padded), layer };
  }
  return worst;
}
