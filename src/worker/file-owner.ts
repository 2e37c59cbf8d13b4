/** The user's own files: read, checked, and held for the runs to come of the experiment that they were given to. */
import { blobFolder, type FolderPart } from '../bundle/blob-folder.ts';
import type { FileOptions, OwnFiles } from '../bundle/own-file.ts';
import type { FileRole, ReadFile } from '../workloads/file-role.ts';
import { ConfigError, type Experiment, type RunInputs } from '../workloads/workload.ts';
import type { FileReply } from './file-reply.ts';

interface Held {
  readonly files: OwnFiles;
  /** The same files as they came, for the checkpoint. */
  readonly blobs: Readonly<Record<string, Blob>>;
  /** Those that are folders: read where they lie, and in no checkpoint. */
  readonly folders: Readonly<Record<string, readonly FolderPart[]>>;
}

const NOTHING: Held = { files: {}, blobs: {}, folders: {} };

/** What is given in a role: the bytes of a file, or the files of a folder. */
export type Given = ArrayBuffer | readonly FolderPart[];

/** How far a folder has been read that is being taken. */
export interface FolderProgress {
  readonly role: string;
  readonly done: number;
  readonly total: number;
}

/** At most this often is it told. */
const PROGRESS_MS = 100;

export class FileOwner {
  readonly #tell: (progress: FolderProgress) => void;
  #reading: AbortController | undefined;

  constructor(tell: (progress: FolderProgress) => void = () => {}) {
    this.#tell = tell;
  }

  /** Everything that is held, by experiment; may be put back as a whole. */
  held: Readonly<Partial<Record<string, Held>>> = {};

  inputs(workload: string): RunInputs {
    return { files: this.#of(workload).files };
  }

  blobs(workload: string): Held['blobs'] {
    return this.#of(workload).blobs;
  }

  /** Lets go of the file in that role. */
  clear(workload: string, role: string): void {
    const { files, blobs, folders } = this.#of(workload);
    const held = { files: without(files, role), blobs: without(blobs, role), folders: without(folders, role) };
    this.held = { ...this.held, [workload]: held };
  }

  /** Lets go of all files of an experiment but the folders in these roles. */
  clearAll(workload: string, but: readonly string[] = []): void {
    const { files, folders } = this.#of(workload);
    const held = { files: only(files, but), blobs: {}, folders: only(folders, but) };
    this.held = { ...this.held, [workload]: held };
  }

  /** Ends the reading of a folder that is being taken, which rejects then. */
  cancel(): void {
    this.#reading?.abort();
  }

  /** Takes the place of the file in this role. A file that cannot be read changes nothing. Throws `FileError`. */
  async load(
    { id, title, files: roles }: Pick<Experiment, 'id' | 'title' | 'files'>,
    role: string,
    name: string,
    given: Given,
    options: FileOptions = {},
  ): Promise<FileReply> {
    const reader = roles.find((each) => each.role === role);
    if (!reader) throw new ConfigError(role, `${title} takes no such file.`);
    const whole = given instanceof ArrayBuffer;
    const read = whole ? reader.read(name, new Uint8Array(given), options) : this.#folder(reader, name, given, options);
    const { input, count, what, choices } = await read;
    const { files, blobs, folders } = this.#of(id);
    const held: Held = {
      files: { ...files, [role]: input },
      blobs: whole ? { ...blobs, [role]: new Blob([given]) } : without(blobs, role),
      folders: whole ? without(folders, role) : { ...folders, [role]: given },
    };
    this.held = { ...this.held, [id]: held };
    const preview = await reader.preview?.(input);
    const { sha256, folder } = input;
    return { role, name, count, what, sha256, ...(folder && { folder }), options: input.options, choices, preview };
  }

  /** Reads the file in that role again, with other choices about it. */
  async choose(experiment: Experiment, role: string, options: FileOptions): Promise<FileReply> {
    const { files, blobs, folders } = this.#of(experiment.id);
    const file = files[role];
    const given = folders[role] ?? (await blobs[role]?.arrayBuffer());
    if (!file || !given) throw new ConfigError(role, 'There is no such file any more.');
    return this.load(experiment, role, file.name, given, options);
  }

  /** Reads those files of a folder that the role takes: once to hash them, then as the role does. */
  async #folder(
    { role, label, folder: taking }: FileRole,
    name: string,
    parts: readonly FolderPart[],
    options: FileOptions,
  ): Promise<ReadFile> {
    if (!taking) throw new ConfigError(role, `${label} is a file, and ${name} is a folder. Give the file in it.`);
    this.cancel();
    const reading = new AbortController();
    this.#reading = reading;
    const { signal } = reading;
    let told = Number.NEGATIVE_INFINITY;
    const onProgress = (done: number, total: number) => {
      if (performance.now() - told < PROGRESS_MS && done < total) return;
      told = performance.now();
      this.#tell({ role, done, total });
    };
    try {
      const { readFolder } = await import('../workloads/read-folder.ts');
      return await readFolder(taking, blobFolder(name, parts), options, { onProgress, signal });
    } finally {
      if (this.#reading === reading) this.#reading = undefined;
    }
  }

  #of(workload: string): Held {
    return this.held[workload] ?? NOTHING;
  }
}

// A role that is there without a file would be taken for one by whoever walks the record.
function without<T>(record: Readonly<Record<string, T>>, role: string): Record<string, T> {
  const { [role]: _, ...rest } = record;
  return rest;
}

function only<T>(record: Readonly<Record<string, T>>, roles: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([role]) => roles.includes(role)));
}
