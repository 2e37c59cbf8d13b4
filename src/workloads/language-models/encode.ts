/** Texts as ids of a model, checked: what a text is made of, and whether the model can read it. */
import { pastedIds } from '../../nn/text/pasted-ids.ts';
import type { TextTokenizer } from '../../nn/text/tokenizer.ts';
import { ConfigError } from '../workload.ts';
import type { LoadedModel } from './model.ts';
import type { GivenText } from './texts.ts';

export type Template = 'none' | 'chat';

export interface EncodedText {
  readonly given: GivenText;
  /** Of the prompt, and behind it of a response that is given. */
  readonly ids: readonly number[];
  /** How many of them are the prompt's. */
  readonly prompt: number;
}

export interface ModelTexts {
  readonly model: LoadedModel;
  readonly texts: readonly EncodedText[];
  /** Where the texts come from, as notes say it. */
  readonly from: string;
}

/** @throws ConfigError that names the text */
export async function encodeText(given: GivenText, model: LoadedModel, template: Template): Promise<EncodedText> {
  const prompt = given.ids ?? idsIn(given.prompt, model) ?? (await promptIds(given, model, template));
  if (prompt.length === 0) throw textError(given, 'has no tokens', 'Give at least one word, or leave it out');
  // What a tokenizer puts before a text stands before the prompt alone.
  const response = given.response === undefined ? [] : tokenizerOf(given, model).encode(given.response, false);
  const ids = [...prompt, ...response];
  const { vocabulary } = model.source.spec;
  const outside = ids.find((id) => !(Number.isInteger(id) && id >= 0 && id < vocabulary));
  if (outside !== undefined)
    throw textError(
      given,
      `has the id ${outside}, and ${model.name} knows those from 0 to ${vocabulary - 1}`,
      'Give ids of this model, or the tokenizer that belongs to it',
    );
  return { given, ids, prompt: prompt.length };
}

/** Ids in the place of a text: those in brackets, and any list of numbers where there is no tokenizer that could read it as a text. */
function idsIn(prompt: string, { tokenizer }: LoadedModel): readonly number[] | undefined {
  return tokenizer && !/^\s*\[/.test(prompt) ? undefined : pastedIds(prompt);
}

async function promptIds(given: GivenText, model: LoadedModel, template: Template): Promise<readonly number[]> {
  const tokenizer = tokenizerOf(given, model);
  const { prompt, system } = given;
  // Without a form for conversations a system prompt is what stands before.
  if (template === 'none') return tokenizer.encode(system === undefined ? prompt : `${system}\n\n${prompt}`);
  if (!tokenizer.chat)
    throw new ConfigError(
      'params.template',
      `Chat template (template): ${model.name} has none (chat_template of its tokenizer_config.json). Choose none.`,
    );
  const messages = [{ role: 'user', content: prompt } as const];
  const text = await tokenizer.chat.render(
    system === undefined ? messages : [{ role: 'system', content: system }, ...messages],
  );
  return tokenizer.encode(text, false);
}

function tokenizerOf(given: GivenText, { tokenizer, name }: LoadedModel): TextTokenizer {
  if (tokenizer) return tokenizer;
  throw textError(given, `is a text, and ${name} has no tokenizer.json`, 'Add that file to the folder, or give ids');
}

export function textError({ id }: GivenText, what: string, todo: string): ConfigError {
  return new ConfigError('texts', `the text "${id}" ${what}. ${todo}.`);
}
