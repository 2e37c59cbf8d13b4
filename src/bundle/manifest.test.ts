/** What the id of a result hangs on: of files that a run took the bytes, whatever they are to it, and not their names. */
import { expect, test } from 'vitest';
import type { JsonValue } from './json.ts';
import { type ManifestEntry, resultId } from './manifest.ts';

const files: ManifestEntry[] = ['items.json', 'a/posterior.nc', 'README.md'].map((path) => ({
  path,
  bytes: 3,
  sha256: `sha256:${path}`,
  mediaType: 'text/plain',
}));
const file = (hash: string, name = `${hash}.file`) => ({ name, sha256: `sha256:${hash}` });
const ran = { version: '0.1.0', mode: 'webgpu', shape: { threads: 4 }, items: 2, cpu: { name: 'x', precision: 'f64' } };
const config = { workload: 'shear', preset: 'level0', seed: 42, batch: { size: 'auto' }, params: { draws: 8 } };
const idOf = (given: Record<string, JsonValue>) => resultId({ ...config, ran: { ...ran, ...given } }, files);

test.each([
  ['no files', {}, '942cdc4e7d81f5724805322ad0b84e4bb6d4148e05d44aff24cae9c02c5356ba'],
  [
    'data and truths',
    { images: file('a'), truth: file('b') },
    'b73ee08799e69f632db3a75d384b391de4e1c9822595459bc7c455f8e5f48b96',
  ],
  [
    'data and a network',
    { images: file('a'), network: file('n'), loaded: file('n') },
    '3711178aecdc6394426d27ec03600e0c9e2cfbd208d78b20430400ffc5d146be',
  ],
  ['what ships', { loaded: file('s') }, '15869ac154f1e69e8d07f825b0dae01782dac2a7b42adc0ec63c3059687661be'],
])('is the one that it has always been, with %s', (_, given, id) => {
  expect(idOf(given)).toBe(`sha256:${id}`);
});

test('hangs on the bytes of any other file, and on no name', () => {
  const id = idOf({ genes: file('a') });
  expect(idOf({ genes: file('a', 'renamed.csv') })).toBe(id);
  expect(idOf({ genes: file('b') })).not.toBe(id);
  expect(idOf({ cells: file('a') })).not.toBe(id);
  expect(idOf({})).not.toBe(id);
});
