/** A finished run of a few texts, made up: what its files and vectors are tried on. */
import type { DatasetItem } from '../../../results/dataset/item.ts';
import { RandomWords } from '../../../stats/two-sample/random-words.ts';
import type { ActivationsProblem } from '../problem.ts';

export const LAYERS = 3;
export const WIDTH = 8;
/** With a label. */
export const TEXTS = 24;

/** Six questions of four texts at two positions, and one text without a label. */
export function labelledItems(): DatasetItem[] {
  const words = new RandomWords(2, 0);
  return Array.from({ length: TEXTS + 1 }, (_, index) => {
    const label = index === TEXTS ? 'none' : index % 2 === 0 ? 'positive' : 'negative';
    const residual = Float32Array.from({ length: 2 * (LAYERS + 1) * WIDTH }, (_, at) => {
      const layer = Math.floor(at / WIDTH) % (LAYERS + 1);
      return words.normal() + (layer === 2 && at % WIDTH === 0 && label === 'positive' ? 5 : 0);
    });
    const tokens = Int32Array.of(7, 8, -1);
    return {
      info: { index, runId: `text_${index}`, seed: index, truth: {} },
      arrays: [
        { group: 'tokens', name: 'tokens', dims: ['token'], shape: [3], values: tokens },
        {
          group: 'activations',
          name: 'residual',
          dims: ['position', 'layer', 'dimension'],
          shape: [2, LAYERS + 1, WIDTH],
          values: residual,
        },
      ],
      attributes: {
        ...{ id: `t/${index}`, label, question: `q${index >> 2}`, prompt: 'a b', response: 'c d', tokens: 2 },
        ...{ prompt_ids: '5 6', prompt_tokens: 2, finish: 'length', positions: 'response[:5], prompt[-1]' },
      },
      work: 4,
    } as DatasetItem;
  });
}

export const labelledProblem = {
  settings: {
    model: {
      name: 'my model',
      source: { spec: { layers: LAYERS, family: 'llama' } },
      tokenizer: { pieces: (ids: readonly number[]) => ids.map((id) => `<${id}>`) },
    },
  },
  from: 'curiosity.json',
} as unknown as ActivationsProblem;
