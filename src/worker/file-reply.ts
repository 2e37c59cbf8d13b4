/** Which file the user brought. */
export type FileRole = 'images' | 'truth' | 'network';

/** Answer to `loadFile` and `useNetwork`. */
export interface FileReply {
  readonly role: FileRole;
  readonly name: string;
  /** What was read, in words: "64 stamps of 48 × 48 pixels". */
  readonly what: string;
  readonly count: number;
  /** "sha256:…" of a network. */
  readonly sha256?: string;
}
