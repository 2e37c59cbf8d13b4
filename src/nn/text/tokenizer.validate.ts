/** A real tokenizer against stored ids and texts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { expect, test } from 'vitest';
import { bytesFolder } from '../../bundle/file-folder.ts';
import { openTokenizer } from './tokenizer.ts';

const folder = join(process.env.LOCKSTEP_SHARED ?? '../shared', 'data/activations/stories260k');

interface Row {
  readonly text: string;
  readonly ids: readonly number[];
  readonly greedy: readonly number[];
  readonly greedy_text: string;
}

test('ids and texts of stories260K are those that are stored', async () => {
  const names = ['tokenizer.json', 'tokenizer_config.json'];
  const files = Object.fromEntries(names.map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))]));
  const tokenizer = await openTokenizer(bytesFolder('stories260k', files));
  const { rows } = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as { rows: Row[] };
  expect(rows.length).toBeGreaterThan(5);
  for (const { text, ids, greedy, greedy_text } of rows) {
    expect(tokenizer.encode(text)).toEqual(ids);
    expect(tokenizer.decode([...ids, ...greedy])).toBe(greedy_text);
    expect(
      tokenizer
        .pieces([...ids.slice(1), ...greedy])
        .join('')
        .trimStart(),
    ).toBe(greedy_text.trimStart());
    if (text) expect(text + tokenizer.decodeBehind(ids, greedy)).toBe(greedy_text);
  }
});
