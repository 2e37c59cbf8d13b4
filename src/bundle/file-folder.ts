/** A folder of files that are read where they lie, in pieces: of a disk, or dropped on the page. None ever stands in memory as a whole. */
import { FileError } from './file-error.ts';

export interface FolderFile {
  /** Path in the folder, with slashes. */
  readonly name: string;
  readonly bytes: number;
  /** Tells this state of the file from a later one, as far as whoever lists files can: e.g. when it was last written. */
  readonly identity?: string;
  /** @throws FileError where it cannot be read any more */
  read(from: number, to: number): Promise<Uint8Array<ArrayBuffer>>;
}

export interface FileFolder {
  readonly name: string;
  readonly files: readonly FolderFile[];
}

export function fileIn({ files }: FileFolder, name: string): FolderFile | undefined {
  return files.find((file) => file.name === name);
}

/** As errors call it: "SmolLM2/config.json". */
export const pathIn = (folder: FileFolder, file: string) => `${folder.name}/${file}`;

/** Texts of a folder are small beside its data: what is larger is something else. */
export const MOST_TEXT_BYTES = 128 * 2 ** 20;

/** A file of the folder as text; undefined where there is none. @throws FileError for one that is no UTF-8, or too large for a text */
export async function textIn(folder: FileFolder, name: string): Promise<string | undefined> {
  const file = fileIn(folder, name);
  if (!file) return undefined;
  const path = pathIn(folder, name);
  if (file.bytes > MOST_TEXT_BYTES)
    throw new FileError(
      path,
      `it has ${file.bytes} bytes, too many for a text`,
      'Give the folder as it was published.',
    );
  const bytes = await file.read(0, file.bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new FileError(path, 'it is no UTF-8 text', 'Copy it again, or save it as UTF-8.', { cause });
  }
}

/** Files that are in memory, as a folder. */
export function bytesFolder(name: string, files: Readonly<Record<string, Uint8Array<ArrayBuffer>>>): FileFolder {
  return {
    name,
    files: Object.entries(files).map(([file, bytes]) => ({
      name: file,
      bytes: bytes.length,
      read: async (from, to) => bytes.slice(from, to),
    })),
  };
}

/** Of all of them. */
export const bytesOf = (files: readonly { readonly bytes: number }[]) =>
  files.reduce((sum, { bytes }) => sum + bytes, 0);
