/** The user's own files: read, checked, and held for the runs to come of the experiment that they were given to. */
import type { FileOptions, OwnFiles } from '../bundle/own-file.ts';
import { ConfigError, type Experiment, type RunInputs } from '../workloads/workload.ts';
import type { FileReply } from './file-reply.ts';

interface Held {
  readonly files: OwnFiles;
  /** The same files as they came, for the checkpoint. */
  readonly blobs: Readonly<Record<string, Blob>>;
}

const NOTHING: Held = { files: {}, blobs: {} };

export class FileOwner {
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
    // A role that is there without a file would be taken for one by whoever walks the record.
    const {
      files: { [role]: _, ...files },
      blobs: { [role]: __, ...blobs },
    } = this.#of(workload);
    this.held = { ...this.held, [workload]: { files, blobs } };
  }

  clearAll(workload: string): void {
    this.held = { ...this.held, [workload]: NOTHING };
  }

  /** Takes the place of the file in this role. A file that cannot be read changes nothing. Throws `FileError`. */
  async load(
    { id, title, files: roles }: Pick<Experiment, 'id' | 'title' | 'files'>,
    role: string,
    name: string,
    bytes: ArrayBuffer,
    options: FileOptions = {},
  ): Promise<FileReply> {
    const reader = roles.find((each) => each.role === role);
    if (!reader) throw new ConfigError(role, `${title} takes no such file.`);
    const data = new Uint8Array(bytes);
    const { input, count, what, choices } = await reader.read(name, data, options);
    const { files, blobs } = this.#of(id);
    const held = { files: { ...files, [role]: input }, blobs: { ...blobs, [role]: new Blob([data]) } };
    this.held = { ...this.held, [id]: held };
    const preview = await reader.preview?.(input);
    return { role, name, count, what, sha256: input.sha256, options: input.options, choices, preview };
  }

  /** Reads the file in that role again, with other choices about it. */
  async choose(experiment: Experiment, role: string, options: FileOptions): Promise<FileReply> {
    const { files, blobs } = this.#of(experiment.id);
    const [file, blob] = [files[role], blobs[role]];
    if (!file || !blob) throw new ConfigError(role, 'There is no such file any more.');
    return this.load(experiment, role, file.name, await blob.arrayBuffer(), options);
  }

  #of(workload: string): Held {
    return this.held[workload] ?? NOTHING;
  }
}
