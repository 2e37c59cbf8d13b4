/** A JSON object out of a file that a flag names. */
import { readFile } from 'node:fs/promises';
import { FileError } from '../bundle/file-error.ts';
import { parseJson } from '../bundle/json-text.ts';

/** @param advice what to give instead @throws FileError where it cannot be read, or holds something else */
export async function jsonObjectIn(file: string, advice: string): Promise<Record<string, unknown>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new FileError(file, `it cannot be read: ${(cause as Error).message}`, advice, { cause });
  }
  try {
    const json: unknown = parseJson(text);
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new FileError(file, 'it holds no JSON object', advice);
}
