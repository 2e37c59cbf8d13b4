/** A folder that was given to a page: its files are read by slices, where they lie. */
import { FileError } from './file-error.ts';
import type { FileFolder } from './file-folder.ts';

/** A file of it, which threads hand to each other without copying what it holds. */
export interface FolderPart {
  /** Path in the folder, with slashes. */
  readonly name: string;
  readonly file: Blob;
}

export function blobFolder(name: string, parts: readonly FolderPart[]): FileFolder {
  return {
    name,
    files: parts.map(({ name: path, file }) => ({
      name: path,
      bytes: file.size,
      // A blob without a time was made in this program, and may be another of the same size.
      identity: isFile(file) ? `${name}/${path} ${file.size} ${file.lastModified}` : undefined,
      read: async (from, to) => {
        const refuse = (why: string, cause?: unknown) =>
          new FileError(
            `${name}/${path}`,
            `it cannot be read any more (${why})`,
            'It was changed or moved since it was given: give the folder again.',
            { cause },
          );
        let bytes: ArrayBuffer;
        try {
          bytes = await file.slice(from, to).arrayBuffer();
        } catch (cause) {
          throw refuse((cause as Error).message, cause);
        }
        if (bytes.byteLength < to - from) throw refuse(`it ends after ${from + bytes.byteLength} bytes, before ${to}`);
        return new Uint8Array(bytes);
      },
    })),
  };
}

const isFile = (blob: Blob): blob is File => typeof (blob as File).lastModified === 'number';
