import { describe, expect, it } from 'vitest';
import { decodeNpy } from '../../bundle/npy.ts';
import type { VerifiedBundle } from '../../bundle/read-bundle.ts';
import type { AnyFile } from '../../bundle/types.ts';
import type { FinishedRun } from '../kind.ts';
import type { TokenItem, TokenSummary } from './item.ts';
import { tokenResults } from './kind.ts';

const kind = tokenResults(
  { kind: 'tokens', place: 'site', passes: 'are whole', columns: [] },
  { problems: ({ tokens }) => (tokens.includes(9) ? ['a nine'] : []) },
);

const item = (index: number, tokens: number[]): TokenItem => ({
  info: { index, runId: `row_${index}`, seed: 7 + index, truth: {} },
  tokens: Uint8Array.from(tokens),
  attributes: { label: 'a', share: 0.25 },
  work: 3,
});
const items = [item(0, [1, 2, 3]), item(2, [9, 0, 4])];

const run: FinishedRun<TokenItem, TokenSummary> = {
  title: 'Rows',
  appVersion: '0',
  preset: 'x',
  params: {},
  itemName: { one: 'row', many: 'rows' },
  ownData: false,
  parameters: [],
  items,
  summaries: items.map((each) => kind.summarize(each, 1)),
  precision: 'f32',
  pieceBytes: 1024,
};

async function files(): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const entries = (await kind.files()).runFiles(run);
  const made = await Promise.all(entries.map((entry) => entry.make()));
  return new Map(made.map((file: AnyFile) => [file.path, Uint8Array.from('bytes' in file ? file.bytes : [])]));
}

const bundleOf = (all: Map<string, Uint8Array<ArrayBuffer>>) =>
  ({ name: 'run.zip', bytes: async (path: string) => all.get(path) }) as unknown as VerifiedBundle;
const entriesOf = (all: Map<string, Uint8Array<ArrayBuffer>>): unknown[] =>
  JSON.parse(new TextDecoder().decode(all.get('items.json'))).items;

describe('rows of tokens', () => {
  it('come back from what checkpoint and history keep', () => {
    for (const each of items) expect(kind.restored(kind.stored(each))).toEqual(each);
  });

  it('pass where nothing is wrong with them, and say what is', async () => {
    expect(run.summaries.map(({ converged, problems }) => [converged, problems])).toEqual([
      [true, []],
      [false, ['a nine']],
    ]);
    const words = await kind.words();
    expect(words.lines(run.summaries)).toEqual(['1 of 2 are whole.', '  row_2: a nine']);
  });

  it('lie in one array of bytes, a row an item, in the order of items.json', async () => {
    const all = await files();
    expect(decodeNpy('tokens.npy', all.get('tokens.npy')!)).toMatchObject({
      shape: [2, 3],
      data: Float32Array.of(1, 2, 3, 9, 0, 4),
    });
    expect(entriesOf(all).map((entry) => (entry as { run_id: string }).run_id)).toEqual(['row_0', 'row_2']);
  });

  it('come back from a bundle', async () => {
    const all = await files();
    const { readItem } = await kind.files();
    const read = await Promise.all(entriesOf(all).map((entry) => readItem(bundleOf(all), 'items.json', entry)));
    expect(read).toEqual(items);
  });

  it('are refused where the array has no such row', async () => {
    const all = await files();
    const { readItem } = await kind.files();
    const entry = { ...(entriesOf(all)[0] as object), row: 2 };
    await expect(readItem(bundleOf(all), 'items.json', entry)).rejects.toThrow(
      'row 2 of tokens.npy, which has no such row',
    );
  });
});
