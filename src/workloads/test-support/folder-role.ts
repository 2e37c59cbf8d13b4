/** A role of a folder: pages that are summed as they lie, and an index that says how many there are. */
import { FileError } from '../../bundle/file-error.ts';
import { type FileFolder, textIn } from '../../bundle/file-folder.ts';
import { ownFolder } from '../../bundle/hash-folder.ts';
import type { OwnFile } from '../../bundle/own-file.ts';
import type { FileRole } from '../file-role.ts';

export interface BookInput extends OwnFile {
  /** Where its pages are read while a run goes on. */
  readonly source: FileFolder;
}

export const bookRole: FileRole<BookInput> = {
  role: 'book',
  label: 'Book',
  accept: [],
  flagHelp: 'a folder of pages',
  help: 'A folder with index.json and pages.',
  drop: 'a folder of pages',
  replaces: { noun: 'book', shipped: 'the book that ships', params: [] },
  options: [{ name: 'from', label: 'From', help: 'page', value: 'number' }],
  folder: {
    called: 'the folder of a book',
    recognises: (names) => names.includes('index.json'),
    takes: (name) => name === 'index.json' || name.endsWith('.page'),
    used: async (source) => {
      if (!(await textIn(source, 'index.json')))
        throw new FileError(source.name, 'it has no index.json', 'Give it, too.');
      return source.files.flatMap(({ name }) => (name === 'blank.page' ? [] : [name]));
    },
    async read(source, options) {
      const index = JSON.parse((await textIn(source, 'index.json')) ?? 'null') as { pages: number };
      const pages = source.files.filter(({ name }) => name.endsWith('.page'));
      if (pages.length !== index.pages)
        throw new FileError(source.name, `${pages.length} of ${index.pages} pages are there`, 'Give all of them.');
      const input = { ...ownFolder(source), ...(options && Object.keys(options).length > 0 && { options }), source };
      return { input, count: pages.length, what: `${pages.length} pages` };
    },
  },
  read: async (name) => {
    throw new FileError(name, 'it is a file of a book', 'Give the whole folder.');
  },
};

/** Files of such a book: `pages` pages of `bytes` bytes. */
export function bookFiles(pages: number, bytes: number): Record<string, Uint8Array<ArrayBuffer>> {
  const page = (at: number) => Uint8Array.from({ length: bytes }, (_, i) => i + at);
  return {
    'index.json': new TextEncoder().encode(JSON.stringify({ pages })),
    'cover.png': new Uint8Array(7),
    ...Object.fromEntries(Array.from({ length: pages }, (_, i) => [`${i}.page`, page(i)])),
  };
}
