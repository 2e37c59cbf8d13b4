/** Folders that the page gives the worker: read where they lie, hashed once, in no checkpoint. */
import { expect, test, vi } from 'vitest';
import type { OwnFile } from '../bundle/own-file.ts';
import { sha256Of } from '../bundle/sha256.ts';
import type { CheckpointHead } from '../engine/checkpoint/head.ts';
import { ownFiles } from '../engine/config/own-files.ts';
import type { FileRole } from '../workloads/file-role.ts';
import { type BookInput, bookFiles, bookRole } from '../workloads/test-support/folder-role.ts';
import type { Experiment } from '../workloads/workload.ts';
import { requireFolders } from './checkpoint/resume.ts';
import { FileOwner, type FolderProgress } from './file-owner.ts';

const library = { id: 'library', title: 'Library', files: [bookRole as unknown as FileRole] } as unknown as Experiment;

/** Files as the page gives them, each in a path of the folder; written at `time`. */
const parts = (files: Record<string, Uint8Array<ArrayBuffer>>, time = 1) =>
  Object.entries(files).map(([name, bytes]) => ({ name, file: new File([bytes], name, { lastModified: time }) }));

const hashOf = (files: Record<string, Uint8Array>) => {
  const lines = Object.entries(files).map(([name, bytes]) => `${name}:${sha256Of(bytes)}\n`);
  return sha256Of(new TextEncoder().encode(lines.sort().join('')));
};

test('a folder is held by reference, with the hash of the files that are used', async () => {
  const told: FolderProgress[] = [];
  const owner = new FileOwner((progress) => told.push(progress));
  const given = bookFiles(3, 1000);
  const read = await owner.load(library, 'book', 'moby', parts({ ...given, 'blank.page': new Uint8Array(5) }));
  const { 'cover.png': _, ...used } = given;
  expect(read).toMatchObject({ role: 'book', name: 'moby', count: 3, what: '3 pages', sha256: hashOf(used) });
  expect(owner.blobs('library')).toEqual({});
  expect(told.at(-1)).toEqual({ role: 'book', done: 3011, total: 3011 });
  const input = owner.inputs('library').files?.book as BookInput;
  expect(await input.source.files.find(({ name }) => name === '2.page')!.read(1, 3)).toEqual(Uint8Array.of(3, 4));
  expect(ownFiles(library, owner.inputs('library').files)).toEqual({
    book: { name: 'moby', sha256: read.sha256, folder: [{ name: 'index.json', bytes: 11 }, ...pageEntries(3)] },
  });
});

const pageEntries = (pages: number) => Array.from({ length: pages }, (_, i) => ({ name: `${i}.page`, bytes: 1000 }));

test('what was hashed once is not read for that again, until it changes', async () => {
  const owner = new FileOwner();
  const files = bookFiles(2, 500_000);
  const first = await owner.load(library, 'book', 'emma', parts(files, 7));
  const slices = vi.spyOn(Blob.prototype, 'slice');
  const again = await owner.choose(library, 'book', { from: '1' });
  expect(again).toMatchObject({ sha256: first.sha256, options: { from: '1' } });
  // The role reads its index, to check it and to count.
  expect(slices).toHaveBeenCalledTimes(2);
  files['0.page'][5] ^= 1;
  const changed = await owner.load(library, 'book', 'emma', parts(files, 8));
  expect(changed.sha256).not.toBe(first.sha256);
  slices.mockRestore();
});

test('reading a folder can be given up, and then changes nothing', async () => {
  const owner: FileOwner = new FileOwner(() => owner.cancel());
  await expect(owner.load(library, 'book', 'ulysses', parts(bookFiles(2, 10), 3))).rejects.toThrow(
    expect.objectContaining({ name: 'AbortError' }),
  );
  expect(owner.inputs('library').files).toEqual({});
});

test('a folder that is refused leaves the one before, and a file that cannot be read any more is named', async () => {
  const tell = vi.fn();
  const owner = new FileOwner(tell);
  const good = await owner.load(library, 'book', 'first', parts(bookFiles(1, 10), 4));
  const { '0.page': _, ...torn } = bookFiles(2, 10);
  const refused = owner.load(library, 'book', 'second', parts(torn, 4));
  await expect(refused).rejects.toThrow('second: 1 of 2 pages are there. Give all of them.');
  const { 'index.json': __, ...unbound } = bookFiles(2, 10);
  const before = tell.mock.calls.length;
  await expect(owner.load(library, 'book', 'heap', parts(unbound, 4))).rejects.toThrow('heap: it has no index.json');
  // Nothing was hashed for that.
  expect(tell).toHaveBeenCalledTimes(before);
  const gone = parts(bookFiles(1, 10), 5);
  vi.spyOn(gone[2].file, 'slice').mockImplementation(() => {
    throw new DOMException('not found', 'NotReadableError');
  });
  await expect(owner.load(library, 'book', 'third', gone)).rejects.toThrow(
    'third/0.page: it cannot be read any more (not found). It was changed or moved since it was given',
  );
  expect(owner.inputs('library').files?.book?.sha256).toBe(good.sha256);
  await expect(owner.load({ ...library, files: [] }, 'book', 'x', [])).rejects.toThrow('takes no such file');
  const images = { ...bookRole, folder: undefined } as unknown as FileRole;
  await expect(owner.load({ ...library, files: [images] }, 'book', 'x', [])).rejects.toThrow('x is a folder');
});

test('a run goes on with the very folder that it took, or says which to give', async () => {
  const owner = new FileOwner();
  const there = () => owner.inputs('library').files ?? {};
  const { sha256 } = await owner.load(library, 'book', 'moby', parts(bookFiles(2, 100), 9));
  const inputs: Record<string, OwnFile> = { book: ownFiles(library, there()).book! };
  const head = { inputs } as unknown as CheckpointHead;
  expect(requireFolders(head, 'Library', there())).toEqual(['book']);
  owner.clearAll('library', ['book']);
  expect(there().book?.sha256).toBe(sha256);
  await owner.load(library, 'book', 'emma', parts(bookFiles(1, 100), 9));
  expect(() => requireFolders(head, 'Library', there())).toThrow(
    'the folder moby (211 bytes in 3 files), of which no copy is made, and emma holds other files',
  );
  owner.clearAll('library');
  expect(() => requireFolders(head, 'Library', there())).toThrow(
    expect.objectContaining({ todo: 'Choose Library, drop that folder on the page, then resume.' }),
  );
  expect(requireFolders({ inputs: {} } as CheckpointHead, 'Library', {})).toEqual([]);
});
