/** A folder of files that are read where they lie, in pieces: of a disk, or dropped on the page. None ever stands in memory as a whole. */

export interface FolderFile {
  /** Path in the folder, with slashes. */
  readonly name: string;
  readonly bytes: number;
  /** @throws FileError where it cannot be read any more */
  read(from: number, to: number): Promise<Uint8Array<ArrayBuffer>>;
}

export interface FileFolder {
  readonly name: string;
  readonly files: readonly FolderFile[];
}
