/** What was dropped or chosen, sorted into files and folders. */
import { expect, test } from 'vitest';
import type { FileRole } from '../../workloads/file-role.ts';
import { bookRole } from '../../workloads/test-support/folder-role.ts';
import { sortGiven } from './given-folders.ts';

const roles = [bookRole as unknown as FileRole];

/** A file as a page has it. */
const file = (name: string, path = '') => Object.assign(new File([name], name), { webkitRelativePath: path });

type Tree = { readonly [name: string]: Tree | null };

/** An entry of a drop; folders hand out two entries at a time. */
function entry(name: string, inside: Tree | null): FileSystemEntry {
  if (inside === null)
    return { name, isFile: true, isDirectory: false, file: (done: (file: File) => void) => done(file(name)) } as never;
  const createReader = () => {
    const left = Object.entries(inside);
    return { readEntries: (done: (some: unknown[]) => void) => done(left.splice(0, 2).map((pair) => entry(...pair))) };
  };
  return { name, isFile: false, isDirectory: true, createReader } as never;
}

const told = async (...args: Parameters<typeof sortGiven>) => {
  const { folders, files, refused } = await sortGiven(...args);
  return {
    folders: folders.map(({ role, folder }) => [role.role, folder.name, ...folder.parts.map(({ name }) => name)]),
    files: files.map(({ name }) => name),
    refused,
  };
};

test('a folder that is dropped is one with all its files, whatever lies inside', async () => {
  const moby = { 'index.json': null, '0.page': null, '1.page': null, old: { '2.page': null } };
  expect(await told(roles, [entry('moby', moby)], [])).toEqual({
    folders: [['book', 'moby', 'index.json', '0.page', '1.page', 'old/2.page']],
    files: [],
    refused: [],
  });
});

test('a folder inside one that is dropped is found', async () => {
  const shelf = { 'notes.txt': null, first: { 'index.json': null }, second: { deep: { 'index.json': null } } };
  expect((await told(roles, [entry('shelf', shelf)], [])).folders).toEqual([
    ['book', 'first', 'index.json'],
    ['book', 'deep', 'index.json'],
  ]);
});

test('a folder that is chosen says its files’ paths', async () => {
  const files = [file('index.json', 'moby/index.json'), file('0.page', 'moby/0.page'), file('alone.csv')];
  expect(await told(roles, [], files)).toEqual({
    folders: [['book', 'moby', 'index.json', '0.page']],
    files: ['alone.csv'],
    refused: [],
  });
});

test('files that make up a folder are one, and the others stay', async () => {
  expect(await told(roles, [], [file('index.json'), file('0.page'), file('x.csv')])).toEqual({
    folders: [['book', 'book', 'index.json', '0.page']],
    files: ['x.csv'],
    refused: [],
  });
});

test('a folder that no role takes is its files, unless they are many', async () => {
  const many = Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`${i}.txt`, null]));
  expect(await told([], [entry('few', { 'a.csv': null }), entry('many', many)], [file('b.csv')])).toEqual({
    folders: [],
    files: ['b.csv', 'a.csv'],
    refused: ['many'],
  });
});
