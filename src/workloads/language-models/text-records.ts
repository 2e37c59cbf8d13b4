/** Texts that come with fields: rows of a CSV, objects of a JSON. */
import * as v from 'valibot';
import { FileError } from '../../bundle/file-error.ts';
import { checked } from './given-text.ts';
import type { GivenText, Label } from './texts.ts';

const word = v.union([v.string(), v.number()]);
const text = v.nullish(v.string());
/** No vocabulary has more. */
const ids = v.array(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 31)));

const schema = v.object({
  id: v.nullish(word),
  prompt: text,
  text,
  question: text,
  instruction: text,
  system_prompt: text,
  system: text,
  response: text,
  label: v.nullish(word),
  trait_score: v.nullish(v.union([v.string(), v.number()])),
  ids: v.nullish(ids),
});

export const RECORD_ADVICE =
  'Give every text a field "prompt" (or "question", with its "instruction"), or "ids"; "response", "system_prompt", "question" and "id" may stand beside it.';

/** Scores of the trait from here on, of 0 to 100, make a text a positive one. */
const POSITIVE_SCORE = 50;

/**
 * @param where in the file @param number of the text, from 1: its question, unless it has one
 * @param label what the file is of; undefined where every text says it
 * @throws FileError that names the field
 */
export function textOfRecord(
  file: string,
  where: string,
  value: unknown,
  number: number,
  label: Label | undefined,
): GivenText {
  const found = checked(file, where, schema, value, RECORD_ADVICE);
  const { question, instruction, response, ids } = found;
  const asked = question && instruction ? `${instruction}\n\n${question}` : question;
  const prompt = (found.prompt ?? found.text ?? asked ?? '').trimEnd();
  if (prompt.trim() === '' && !ids?.length) throw new FileError(file, `${where} has no prompt`, RECORD_ADVICE);
  const system = found.system_prompt ?? found.system;
  const own = label ?? labelOf(file, where, found.label, found.trait_score);
  return {
    id: `${own === 'none' ? '' : `${own}-`}${found.id ?? number}`,
    prompt,
    ...(system && { system }),
    ...(response && { response }),
    ...(ids?.length && { ids }),
    label: own,
    question: question?.trim() || String(number),
  };
}

const LABELS: Readonly<Record<string, Label>> = {
  positive: 'positive',
  pos: 'positive',
  '1': 'positive',
  negative: 'negative',
  neg: 'negative',
  '0': 'negative',
  '-1': 'negative',
  none: 'none',
  '': 'none',
};

/** What a text says of itself: a label, else its score. */
function labelOf(
  file: string,
  where: string,
  label: string | number | null | undefined,
  score: string | number | null | undefined,
): Label {
  if (label !== null && label !== undefined) {
    const key = String(label).trim().toLowerCase();
    if (Object.hasOwn(LABELS, key)) return LABELS[key];
    throw new FileError(
      file,
      `${where}, field label, has ${JSON.stringify(label).slice(0, 60)}`,
      'Write positive or negative, pos or neg, 1 or 0.',
    );
  }
  if (score === null || score === undefined || String(score).trim() === '') return 'none';
  const value = Number(score);
  if (Number.isFinite(value)) return value >= POSITIVE_SCORE ? 'positive' : 'negative';
  throw new FileError(
    file,
    `${where}, field trait_score, has ${JSON.stringify(score).slice(0, 60)}`,
    'Write a number from 0 to 100.',
  );
}
