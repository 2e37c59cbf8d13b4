/** Files of the user's that a run took: its results hang on them, and no bundle holds them. */

export interface OwnFile {
  readonly name: string;
  /** "sha256:…" of its bytes; of a folder, of names and hashes of its files. */
  readonly sha256: string;
  /** What its reader was told beside the bytes; absent where nothing was. */
  readonly options?: FileOptions;
  /** It is a folder, read where it lies and never copied: those of its files that are used. */
  readonly folder?: readonly FolderEntry[];
}

/** A file of a folder. */
export interface FolderEntry {
  /** Path in the folder, with slashes. */
  readonly name: string;
  readonly bytes: number;
}

/** Choices about a file, e.g. which of its images is meant, by the name of the choice. */
export type FileOptions = Readonly<Record<string, string>>;

/** A value that a choice may have. */
export interface ChoiceValue {
  readonly value: string;
  readonly label: string;
}

/** What there is to choose about a file, by the name of the choice. Where nothing was chosen, the first holds. */
export type FileChoices = Readonly<Record<string, readonly ChoiceValue[]>>;

/** By what they are to the run: the name of the flag that gives them. */
export type OwnFiles = Readonly<Partial<Record<string, OwnFile>>>;
