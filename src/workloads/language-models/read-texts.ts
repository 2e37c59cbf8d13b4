/** Files of texts: one a line, rows of a CSV, objects of a JSON, or one object a line. */
import { decodeCsv } from '../../bundle/csv.ts';
import { FileError } from '../../bundle/file-error.ts';
import { sha256Of } from '../../bundle/sha256.ts';
import { pastedIds } from '../../nn/text/pasted-ids.ts';
import type { ReadFile } from '../file-role.ts';
import { decodeUtf8, jsonOf } from './given-text.ts';
import { RECORD_ADVICE, textOfRecord } from './text-records.ts';
import type { GivenText, Label } from './texts.ts';
import { countedTexts, type TextsInput } from './texts-input.ts';

const LINES_ADVICE = 'Give one text a line.';

/**
 * @param label what all of them are; undefined where each says it
 * @throws FileError for a file without a text, or one that cannot be read: which line or row, which field
 */
export async function readTexts(
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  label: Label | undefined,
): Promise<ReadFile<TextsInput>> {
  const texts = textsIn(name, decodeUtf8(name, bytes), label);
  return { input: { name, sha256: sha256Of(bytes), texts }, count: texts.length, what: countedTexts(texts) };
}

export function textsIn(name: string, text: string, label: Label | undefined): readonly GivenText[] {
  const end = /\.[a-z]+$/.exec(name.toLowerCase())?.[0];
  const texts =
    end === '.csv'
      ? ofCsv(name, text, label)
      : end === '.json'
        ? ofJson(name, text, label)
        : ofLines(name, text, label, end);
  if (texts.length === 0) throw new FileError(name, 'it holds no texts', LINES_ADVICE);
  requireOwnIds(name, texts);
  return texts;
}

/** As the origin reads them: white space around a line is none of the text's, and lines without anything else are no texts. */
function ofLines(name: string, text: string, label: Label | undefined, end: string | undefined): GivenText[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  let number = 0;
  return lines.flatMap((each, i) => {
    const line = each.trim();
    if (line === '') return [];
    number++;
    const where = `line ${i + 1}`;
    if (end === '.jsonl') return [textOfRecord(name, where, jsonOf(name, where, line, RECORD_ADVICE), number, label)];
    // In brackets alone: a year is a text, too.
    const ids = line.startsWith('[') ? pastedIds(line) : undefined;
    return [textOfRecord(name, where, ids ? { ids } : { prompt: line }, number, label)];
  });
}

function ofCsv(name: string, text: string, label: Label | undefined): GivenText[] {
  const { header, rows } = decodeCsv(name, text);
  const columns = header.map((column) => column.toLowerCase());
  if (!columns.some((column) => ['prompt', 'question', 'text'].includes(column)))
    throw new FileError(
      name,
      `its columns are ${header.slice(0, 8).join(', ').slice(0, 200)}, and none is "prompt" or "question"`,
      'Name the columns question, instruction, prompt, response, trait_score, as many as there are.',
    );
  return rows.map((cells, row) => {
    const fields = columns.flatMap((column, i) =>
      cells[i].trim() === '' || column === 'ids' ? [] : [[column, cells[i]]],
    );
    const at = columns.indexOf('ids');
    const ids = at < 0 ? undefined : pastedIds(cells[at]);
    // The header is row 1.
    return textOfRecord(name, `row ${row + 2}`, { ...Object.fromEntries(fields), ...(ids && { ids }) }, row + 1, label);
  });
}

function ofJson(name: string, text: string, label: Label | undefined): GivenText[] {
  const value = jsonOf(name, '', text, RECORD_ADVICE);
  const { prompts, texts } = (value ?? {}) as { prompts?: unknown; texts?: unknown };
  const list = Array.isArray(value) ? value : (prompts ?? texts);
  if (!Array.isArray(list))
    throw new FileError(name, 'it is neither a list of texts nor has one (field prompts)', RECORD_ADVICE);
  return list.map((each, i) =>
    textOfRecord(name, `entry ${i + 1}`, typeof each === 'string' ? { prompt: each } : each, i + 1, label),
  );
}

function requireOwnIds(name: string, texts: readonly GivenText[]): void {
  const seen = new Set<string>();
  for (const { id } of texts) {
    if (seen.has(id)) throw new FileError(name, `two texts have the id ${id.slice(0, 60)}`, 'Give every text its own.');
    seen.add(id);
  }
}
