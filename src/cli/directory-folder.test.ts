/** Folders on a disk that a flag names. */
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sha256Of } from '../bundle/sha256.ts';
import type { FileRole } from '../workloads/file-role.ts';
import { type BookInput, bookFiles, bookRole } from '../workloads/test-support/folder-role.ts';
import { directoryFolder, systemSha256 } from './directory-folder.ts';
import { readInputs } from './inputs.ts';

let scratch: string;
let book: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'lockstep-folder-'));
  book = join(scratch, 'moby');
  mkdirSync(join(book, 'inside.page'), { recursive: true });
  for (const [name, bytes] of Object.entries(bookFiles(2, 1000))) writeFileSync(join(book, name), bytes);
});
afterAll(() => rmSync(scratch, { recursive: true }));

const taking = { files: [bookRole as unknown as FileRole] };
const takes = (name: string) => name.endsWith('.page');

test('a folder is hashed and read where it lies; what there is of it is told first', async () => {
  const told: string[] = [];
  const { files } = await readInputs(taking, { book: `${book}/` }, { book: { from: '1' } }, (line) => told.push(line));
  expect(told).toEqual(['moby: 2.0 KiB (2,011 bytes) in 3 files.', 'moby: 2 pages.']);
  const input = files?.book as BookInput;
  const { 'cover.png': _, ...used } = bookFiles(2, 1000);
  const lines = Object.entries(used).map(([name, bytes]) => `${name}:${sha256Of(bytes)}\n`);
  expect(input).toMatchObject({
    name: 'moby',
    sha256: sha256Of(new TextEncoder().encode(lines.sort().join(''))),
    options: { from: '1' },
  });
  expect(await input.source.files.find(({ name }) => name === '1.page')!.read(5, 8)).toEqual(Uint8Array.of(6, 7, 8));
});

test('a folder without its files, none at all, and a file of one are refused in words', async () => {
  const empty = join(scratch, 'empty');
  mkdirSync(empty);
  await expect(readInputs(taking, { book: empty })).rejects.toThrow('is a folder without a file for it');
  await expect(directoryFolder('book', join(scratch, 'none'), takes)).rejects.toThrow('cannot read');
  await expect(readInputs(taking, { book: join(scratch, 'none') })).rejects.toThrow('cannot read');
  await expect(readInputs(taking, { book: join(book, '0.page') })).rejects.toThrow(
    '0.page: it is a file of a book. Give the whole folder.',
  );
});

test('a file that has become shorter, or has gone, is named', async () => {
  const path = join(scratch, 'short');
  mkdirSync(path);
  writeFileSync(join(path, '0.page'), new Uint8Array(10));
  const { files } = await directoryFolder('book', path, takes);
  truncateSync(join(path, '0.page'), 4);
  await expect(files[0].read(2, 10)).rejects.toThrow('short/0.page: it ends after 4 bytes, before 10');
  rmSync(join(path, '0.page'));
  await expect(files[0].read(0, 1)).rejects.toThrow('short/0.page: it cannot be read');
});

test('the system’s hash is the program’s', () => {
  const hash = systemSha256();
  const bytes = Uint8Array.from({ length: 300 }, (_, i) => i);
  hash.update(bytes.subarray(0, 100));
  hash.update(bytes.subarray(100));
  expect(hash.digest()).toBe(sha256Of(bytes));
});
