/** A reader of files that somebody gives. */
type Bytes = Uint8Array<ArrayBuffer>;

export interface Reader {
  readonly name: string;
  /** What it cannot read it passes over, by design: it refuses nothing, or nearly. */
  readonly lenient?: true;
  /** Good files, which it reads. */
  files(): Promise<Bytes[]> | Bytes[];
  /** Throws where a value that was read cannot be right. @param at place in `files` of the one that `bytes` came from */
  read(bytes: Bytes, at: number): unknown;
}
