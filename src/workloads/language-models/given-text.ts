/** Texts and JSON out of somebody's files, or an error that says where what is missing. */
import * as v from 'valibot';
import { FileError } from '../../bundle/file-error.ts';
import { parseJson } from '../../bundle/json-text.ts';

/** @throws FileError for bytes that are no UTF-8 */
export function decodeUtf8(file: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new FileError(file, 'it is no UTF-8 text', 'Save it as UTF-8.', { cause });
  }
}

/** What belongs in a place, in words. */
const WORDS: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  min_length: 'at least one entry',
  integer: 'a whole number',
  min_value: 'a number from 0 on',
  max_value: 'a smaller number',
  union: 'a text or a number',
};

/**
 * @param where in the file, for messages: "line 3", or nothing for the whole
 * @param advice what such a file holds
 * @throws FileError that names line, field, and what belongs there
 */
export function checked<T>(
  file: string,
  where: string,
  schema: v.GenericSchema<unknown, T>,
  value: unknown,
  advice: string,
): T {
  const { success, output, issues } = v.safeParse(schema, value, { abortEarly: true });
  if (success) return output;
  const [issue] = issues;
  const field = issue.path?.map(({ key }) => String(key)).join('.');
  if (issue.path?.at(-1)?.origin === 'key')
    throw new FileError(file, `${where ? `${where}, ` : ''}field ${field}, is missing`, advice);
  const place = [where, field && `field ${field}`].filter(Boolean).join(', ');
  const found = JSON.stringify(issue.input).slice(0, 60);
  const wanted = WORDS[issue.type] ?? 'something else';
  throw new FileError(file, `it has ${found} where ${wanted} belongs${place ? ` (${place})` : ''}`, advice);
}

/** @throws FileError */
export function jsonOf(file: string, where: string, text: string, advice: string): unknown {
  try {
    return parseJson(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    const line = where ? `${where} is` : 'it is';
    throw new FileError(file, `${line} not JSON: ${(cause as Error).message}`, advice, { cause });
  }
}
