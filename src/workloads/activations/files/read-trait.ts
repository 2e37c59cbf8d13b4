/** Traits: what a model is asked so that it shows one, or its opposite. */
import * as v from 'valibot';
import { FileError } from '../../../bundle/file-error.ts';
import { type FileFolder, pathIn, textIn } from '../../../bundle/file-folder.ts';
import { type HashedFolder, ownFolder } from '../../../bundle/hash-folder.ts';
import { sha256Of } from '../../../bundle/sha256.ts';
import type { ReadFile } from '../../file-role.ts';
import { checked, decodeUtf8, jsonOf } from '../../language-models/given-text.ts';
import { textsIn } from '../../language-models/read-texts.ts';
import type { GivenText } from '../../language-models/texts.ts';
import { countedTexts, type TextsInput } from '../../language-models/texts-input.ts';
import { DEFINITION, NEGATIVE, POSITIVE } from './trait-names.ts';

type Trait = Pick<TextsInput, 'texts' | 'definition' | 'questions'>;

const one = v.pipe(v.string(), v.trim(), v.minLength(1));
const definitionSchema = v.object({
  instruction: v.pipe(v.array(v.object({ pos: one, neg: one })), v.minLength(1)),
  questions: v.pipe(v.array(one), v.minLength(1)),
  eval_prompt: v.nullish(v.string()),
});
const DEFINITION_ADVICE =
  'Give {"instruction": [{"pos": …, "neg": …}], "questions": [ … ], "eval_prompt": …}, every one of them with words.';

const steeringSchema = v.object({ questions: v.array(one) });
const STEERING_ADVICE = 'Give {"questions": [ … ]}.';

/** A definition, or texts that say which are positive. @throws FileError */
export async function readTraitFile(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<ReadFile<TextsInput>> {
  const text = decodeUtf8(name, bytes);
  const trait = name.toLowerCase().endsWith('.json') ? ofJson(name, text) : { texts: textsIn(name, text, undefined) };
  requireBoth(name, trait.texts);
  return answer({ name, sha256: sha256Of(bytes), ...trait });
}

/** `positive.txt` and `negative.txt` with what goes with them, or a definition. @throws FileError */
export async function readTraitFolder(folder: HashedFolder): Promise<ReadFile<TextsInput>> {
  const found = (form: RegExp) => folder.files.find(({ name }) => form.test(name))?.name;
  const [positive, negative, definition] = [found(POSITIVE), found(NEGATIVE), found(DEFINITION)];
  if (positive !== undefined && negative !== undefined) {
    const texts = [
      ...textsIn(...(await named(folder, positive)), 'positive'),
      ...textsIn(...(await named(folder, negative)), 'negative'),
    ];
    const words = (await textIn(folder, 'definition.txt'))?.trim();
    const questions = await steeringQuestions(folder);
    return answer({
      ...ownFolder(folder),
      texts,
      ...(words && { definition: words }),
      ...(questions && { questions }),
    });
  }
  if (definition === undefined)
    throw new FileError(
      folder.name,
      `it has ${positive ?? negative ?? 'neither'} ${positive || negative ? 'alone' : 'positive.txt nor negative.txt'}`,
      'Give a folder with positive.txt and negative.txt, or with trait_definition.json.',
    );
  return answer({ ...ownFolder(folder), ...ofJson(...(await named(folder, definition))) });
}

async function named(folder: FileFolder, name: string): Promise<[path: string, text: string]> {
  return [pathIn(folder, name), (await textIn(folder, name)) ?? ''];
}

async function steeringQuestions(folder: FileFolder): Promise<readonly string[] | undefined> {
  const text = await textIn(folder, 'steering.json');
  if (text === undefined) return undefined;
  const path = pathIn(folder, 'steering.json');
  return checked(path, '', steeringSchema, jsonOf(path, '', text, STEERING_ADVICE), STEERING_ADVICE).questions;
}

/** Every question under every instruction, as the origin asks: instruction, an empty line, question. */
function ofJson(file: string, text: string): Trait {
  const value = jsonOf(file, '', text, DEFINITION_ADVICE);
  const isDefinition = typeof value === 'object' && value !== null && !Array.isArray(value) && 'instruction' in value;
  if (!isDefinition) return { texts: textsIn(file, text, undefined) };
  const found = checked(file, '', definitionSchema, value, DEFINITION_ADVICE);
  const texts = (['positive', 'negative'] as const).flatMap((label) =>
    found.instruction.flatMap(({ pos, neg }, i) =>
      found.questions.map((question, q): GivenText => {
        const instruction = label === 'positive' ? pos : neg;
        return { id: `${label}-${i + 1}-${q + 1}`, prompt: `${instruction}\n\n${question}`, label, question };
      }),
    ),
  );
  return { texts, questions: found.questions, ...(found.eval_prompt && { definition: found.eval_prompt }) };
}

function requireBoth(name: string, texts: readonly GivenText[]): void {
  const lacking = (['positive', 'negative'] as const).find((label) => texts.every((text) => text.label !== label));
  if (lacking)
    throw new FileError(
      name,
      `none of its texts is ${lacking}`,
      'Give each a label (positive or negative) or a trait_score (0 to 100), or give two files, --positive and --negative.',
    );
}

function answer(input: TextsInput): ReadFile<TextsInput> {
  const { texts, definition, questions } = input;
  const more = [
    definition && 'a definition',
    questions && `${questions.length} ${questions.length === 1 ? 'question' : 'questions'}`,
  ].filter(Boolean);
  const what = [countedTexts(texts), ...(more.length > 0 ? [`with ${more.join(' and ')}`] : [])].join('; ');
  return { input, count: texts.length, what };
}
