/** Texts with their responses as the origin's JSON files have them. */
import { canonicalJson, type JsonValue } from '../../../../bundle/json.ts';
import type { DatasetItem } from '../../../../results/dataset/item.ts';

/** Text of each token, as it stands in the text; undefined without a tokenizer. */
export type Pieces = ((ids: readonly number[]) => readonly string[]) | undefined;

/** Ids of the prompt and of the response. */
export function idsOf({ attributes, arrays }: DatasetItem): { prompt: number[]; response: number[] } {
  const prompt = String(attributes.prompt_ids)
    .split(' ')
    .filter((id) => id !== '')
    .map(Number);
  const all = arrays.find(({ name }) => name === 'tokens')?.values ?? [];
  return { prompt, response: Array.from(all.slice(0, Number(attributes.tokens)), Number) };
}

export function responseOf(item: DatasetItem, model: string, pieces: Pieces): { readonly [key: string]: JsonValue } {
  const { attributes } = item;
  const { prompt, response } = idsOf(item);
  const ids = [...prompt, ...response];
  const { nll } = attributes;
  return {
    id: String(attributes.id),
    prompt: String(attributes.prompt),
    response: String(attributes.response),
    system_prompt: attributes.system === undefined ? null : String(attributes.system),
    tokens: pieces ? [...pieces(ids)] : ids.map(String),
    token_ids: ids,
    prompt_end: prompt.length,
    inference_model: model,
    question: String(attributes.question),
    finish: String(attributes.finish),
    nll: typeof nll === 'number' && Number.isFinite(nll) ? nll : null,
  };
}

export function responsesJson(items: readonly DatasetItem[], model: string, pieces: Pieces): string {
  return canonicalJson(items.map((item) => responseOf(item, model, pieces)));
}
