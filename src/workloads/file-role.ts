/** Files of the user's that an experiment takes, each in a role. Hosts walk the roles of an experiment and know none by name. */
import type { FileFolder } from '../bundle/file-folder.ts';
import type { HashedFolder } from '../bundle/hash-folder.ts';
import type { ChoiceValue, FileChoices, FileOptions, OwnFile, OwnFiles } from '../bundle/own-file.ts';

/** What a file was found to be; what `input` holds besides is between the role and its experiment. */
export interface ReadFile<T extends OwnFile = OwnFile> {
  readonly input: T;
  /** Images, rows or whatever is counted in it. */
  readonly count: number;
  /** In words: "64 images of 48 × 48"; behind semicolons what was recognised in the file, and what of it is not used. */
  readonly what: string;
  /** Those of the role's options that make a difference to this file, with what they may be for it. */
  readonly choices?: FileChoices;
}

/** A choice about a file that its bytes leave open, noted beside it: no parameter, so that runs without such a file have none. */
export interface FileOption {
  /** Its flag on the command line, without dashes. */
  readonly name: string;
  readonly label: string;
  readonly help: string;
  /** What the flag's help calls its value: "name|number". */
  readonly value: string;
  /** What it may be, the first unless it is given; without them it is a text, absent unless given. */
  readonly values?: readonly ChoiceValue[];
}

export interface FileRole<T extends OwnFile = OwnFile> {
  /**
   * Its one name: the flag of the command line, the field of run.json's `ran` (so none that stands there already), the file in a
   * checkpoint, the field of errors. Lower case, words joined by hyphens.
   */
  readonly role: string;
  /** Beside the name of the file that is held: "Images". */
  readonly label: string;
  /** Ends of names, lower case, with the dot. */
  readonly accept: readonly string[];
  /** Among several roles that accept a name: whether this one is meant, by the first bytes as text. A role without it takes the rest. */
  recognises?(head: string, name: string): boolean;
  /** Whether a file of that name is a part of one of this role: several that are given at once are put into one archive (.zip) and read as that. */
  isPart?(name: string): boolean;
  /** Takes a folder, too, or only that (`accept` is empty then, and `read` says so): one that may be too large to be held or copied. */
  readonly folder?: FolderTaking<T>;
  /** What the flag's help says. */
  readonly flagHelp: string;
  /** What such a file is, in sentences, on the page. */
  readonly help: string;
  /** In the list of what may be dropped: "a .csv of truths". */
  readonly drop: string;
  /** What holds while one is there, on the page. */
  readonly note?: string;
  /** The run's items are those of the file, so no prior drew their truths. */
  readonly data?: {
    /** What a run does with it: "fitted". */
    readonly verb: string;
    /** What a run does without it, as a clause: "its items are simulated instead". */
    readonly without: string;
  };
  /** It tells of what the file of that role holds: another one there makes it void. */
  readonly of?: string;
  /** It has as many of what it counts as the file of that role; `todo` says what to do where it has not. */
  readonly counts?: { readonly as: string; readonly todo: string };
  /** It takes the place of a file that ships (`Workload.load`): a run that took it is not repeated with another unasked. */
  readonly replaces?: Replacement;
  /** A file that ships to show what such a file is and does. */
  readonly example?: {
    /** Below `public/`. */
    readonly path: string;
    /** What it is: "64 rows of …". */
    readonly title: string;
    /** The preset whose settings are right for it. */
    readonly preset: string;
  };
  /** Choices that somebody may have to make about such a file; none unless given. */
  readonly options?: readonly FileOption[];
  /**
   * Throws `FileError` for a file that is damaged or none of this role. What it needs is loaded with the first call.
   * @param options choices by name, of those that the role lists; the input keeps them
   */
  read(name: string, bytes: Uint8Array<ArrayBuffer>, options?: FileOptions): Promise<ReadFile<T>>;
  /** What the experiment's view of such a file shows (`ExperimentViews.files`): plain data, of a size that a page can take. */
  preview?(input: T): Promise<unknown>;
}

export interface FolderTaking<T extends OwnFile = OwnFile> {
  /** What such a folder is, on the page: "the folder of a model". */
  readonly called: string;
  /** Whether files of these names, paths in the folder with slashes, are such a folder or some of one. */
  recognises(names: readonly string[]): boolean;
  /** Whether a file of that name may be used; the others are not looked at. */
  takes(name: string): boolean;
  /**
   * Names of those that are used indeed, by heads alone; all that are taken unless given. Refuses as `read` does, before all is hashed, which
   * takes long for a large one.
   */
  used?(folder: FileFolder): Promise<readonly string[]>;
  /**
   * As `FileRole.read`. What it gives may keep the folder, to read in it while a run goes on; `ownFolder` says what of it a run notes. A run
   * that is gone on with is given the same folder again.
   * @param folder its files are those that are used
   */
  read(folder: HashedFolder, options?: FileOptions): Promise<ReadFile<T>>;
}

export interface Replacement {
  /** What it is, e.g. "table". */
  readonly noun: string;
  /** What runs without it take: "the table that ships". */
  readonly shipped: string;
  /** Keys of the parameters that say which one ships: where they differ, nothing is repeated. */
  readonly params: readonly string[];
}

/** The file in a role, as the role read it; undefined where there is none. */
export function fileOf<T extends OwnFile>(
  { files }: { readonly files?: OwnFiles },
  { role }: FileRole<T>,
): T | undefined {
  // Held by the role that read it.
  return files?.[role] as T | undefined;
}
