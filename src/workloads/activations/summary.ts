/** Finished texts together, and what is wrong with one: all that a page needs of them before any is written. */
import type { DatasetItem } from '../../results/dataset/item.ts';
import type { RunResults } from '../../results/kind.ts';

/** Positions of a text without a token: their means are no numbers, and nothing may be made of them. */
export function emptyPositions({ arrays, attributes }: DatasetItem): string[] {
  const counts = arrays.find(({ name }) => name === 'counts')?.values ?? [];
  const names = String(attributes.positions).split(', ');
  return names
    .filter((_, at) => counts[at] === 0)
    .map((name) => `${name} has no token: its response has ${attributes.tokens}`);
}

/** Texts and tokens by label: sums of whole numbers, equal everywhere. */
export function sumOfTexts(items: readonly DatasetItem[]): RunResults {
  const labels = new Map<string, { texts: number; prompt: number; tokens: number; ended: number }>();
  for (const { attributes } of items) {
    const label = String(attributes.label);
    const sum = labels.get(label) ?? { texts: 0, prompt: 0, tokens: 0, ended: 0 };
    labels.set(label, {
      texts: sum.texts + 1,
      prompt: sum.prompt + Number(attributes.prompt_tokens),
      tokens: sum.tokens + Number(attributes.tokens),
      ended: sum.ended + Number(attributes.finish === 'end'),
    });
  }
  return {
    tables: [
      {
        name: 'texts',
        title: 'Texts by label',
        about: 'How many texts there are of each label, and of how many tokens.',
        columns: [
          { name: 'label', title: 'Label' },
          { name: 'texts', title: 'Texts' },
          { name: 'prompt_tokens', title: 'Tokens of prompts' },
          { name: 'tokens', title: 'Tokens of responses' },
          { name: 'ended', title: 'Ended by the model' },
        ],
        rows: [...labels]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([label, { texts, prompt, tokens, ended }]) => [label, texts, prompt, tokens, ended]),
      },
    ],
  };
}
