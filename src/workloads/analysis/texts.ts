/** Texts of a run as the metrics take them: ids, words, groups, counterfactuals. */
import { type EncodedText, encodeText } from '../language-models/encode.ts';
import type { LoadedModel } from '../language-models/model.ts';
import { written } from '../language-models/stories/contrast.ts';
import { story } from '../language-models/stories/grammar.ts';
import type { GivenText } from '../language-models/texts.ts';
import { ConfigError } from '../workload.ts';
import type { AnalysedItem } from './metrics/metric.ts';

/** Of these stories alone: models are trained on others. */
const STORY_SEED = 0x61_6e61;

/** In place of the names of files. */
export const SHIPPED = 'stories that ship';

/** So many stories up to their last word, happy and sad ones in turn: what comes next is a word, not the full stop that ends all of them. */
export function shippedStories(count: number): GivenText[] {
  const texts: GivenText[] = [];
  for (let number = 0; texts.length < count; number++) {
    const { text, mood, situation } = story(STORY_SEED, number);
    const wanted = texts.length % 2 === 0 ? 'happy' : 'sad';
    if (mood !== wanted) continue;
    const label = mood === 'happy' ? 'positive' : 'negative';
    texts.push({
      id: `story ${texts.length + 1}`,
      prompt: written(text).replace(/[.!?]$/, ''),
      label,
      question: situation,
    });
  }
  return texts;
}

/** Texts cut to the longest, and which were. */
export interface AnalysedTexts {
  readonly items: readonly AnalysedItem[];
  /** Names of texts that were cut, with how many tokens they had. */
  readonly cut: readonly (readonly [name: string, tokens: number])[];
  /** A pair of equal length is each other's counterfactual. */
  readonly paired: number;
}

const GROUPS = { positive: 'positive', negative: 'negative', none: undefined } as const;

/** @throws ConfigError for a text that the model cannot read, or where none is left */
export async function analysedTexts(
  given: readonly GivenText[],
  model: LoadedModel,
  longest: number,
): Promise<AnalysedTexts> {
  const most = Math.min(longest, model.source.spec.positions);
  const encoded: EncodedText[] = [];
  for (const text of given) encoded.push(await encodeText(text, model, 'none'));
  const cut = encoded.flatMap(({ given: { id }, ids }) => (ids.length > most ? [[id, ids.length] as const] : []));
  const plain = encoded.map(({ given: { id, label }, ids }): AnalysedItem => {
    const own = ids.slice(0, most);
    const group = GROUPS[label];
    return {
      // Lines of a file have their number alone.
      name: /^\d+$/.test(id) ? `text ${id}` : id,
      ids: own,
      words: model.tokenizer?.pieces(own) ?? own.map(String),
      ...(group !== undefined && { group }),
    };
  });
  if (plain.every(({ ids }) => ids!.length < 2))
    throw new ConfigError(
      'texts',
      'no text has two tokens, and what is analysed is how the next is told. Give longer ones.',
    );
  const items = withCounterfactuals(plain);
  return { items, cut, paired: items.filter(({ counterfactual }) => counterfactual).length };
}

/** Each text's counterfactual is the nearest text behind or before it of equal length and another ending, of the other group where there are groups. */
function withCounterfactuals(items: readonly AnalysedItem[]): AnalysedItem[] {
  return items.map((item, i) => {
    const ids = item.ids!;
    const fits = (other: AnalysedItem) =>
      other.ids!.length === ids.length && other.ids!.at(-1) !== ids.at(-1) && other !== item;
    const order = [...items.slice(i + 1), ...items.slice(0, i).reverse()].filter(fits);
    const other = order.find(({ group }) => group !== item.group) ?? order[0];
    return other ? { ...item, counterfactual: other.ids! } : item;
  });
}
