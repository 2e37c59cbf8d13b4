/** The user's own files: read, checked, and held for the runs to come. */
import { type DataKind, dataWords } from '../bundle/data-words.ts';
import type { RunInputs } from '../workloads/workload.ts';
import type { FileReply, FileRole } from './file-reply.ts';

export const FILE_ROLES: readonly FileRole[] = ['images', 'truth', 'network'];

interface Held {
  readonly inputs: RunInputs;
  /** The same files as they came, for the checkpoint. */
  readonly blobs: Readonly<Partial<Record<FileRole, Blob>>>;
}

export class FileOwner {
  /** Everything that is held; may be put back as a whole. */
  held: Held = { inputs: {}, blobs: {} };

  clear(role: FileRole): void {
    // A role that is there without a file would be taken for one by whoever walks the record.
    const {
      inputs: { [role]: _, ...inputs },
      blobs: { [role]: __, ...blobs },
    } = this.held;
    this.held = { inputs, blobs };
  }

  /**
   * Takes the place of the file in this role. A file that cannot be read changes nothing. Throws `FileError`.
   * @param kind what the experiment takes data to be
   */
  async load(role: FileRole, name: string, bytes: ArrayBuffer, kind: DataKind = 'images'): Promise<FileReply> {
    const data = new Uint8Array(bytes);
    if (role === 'images') {
      const { loadImages } = await import('../bundle/images.ts');
      const images = await loadImages(name, data, kind);
      this.#hold(role, images, data);
      const { n, ny, nx } = images;
      const count = kind === 'rows' && n === 1 ? ny : n;
      return { role, name, count, what: dataWords[kind].count(n, ny, nx) };
    }
    if (role === 'network') {
      const [{ decodeNetwork }, { sha256Of }] = await Promise.all([
        import('../workloads/flow/weights/network-file.ts'),
        import('../bundle/sha256.ts'),
      ]);
      // Read here so that a damaged file is refused when it comes, not when it is needed.
      const { task, net } = decodeNetwork(name, data).model;
      const sha256 = sha256Of(data);
      this.#hold(role, { name, bytes: data, sha256 }, data);
      return { role, name, count: 1, what: `a network for ${task.id}, ${net.depth} layers of ${net.width}`, sha256 };
    }
    const { loadTruth } = await import('../bundle/truth-table.ts');
    const truth = await loadTruth(name, data);
    this.#hold(role, truth, data);
    const rows = truth.rows.length;
    return { role, name, count: rows, what: `${rows} ${rows === 1 ? 'row' : 'rows'}` };
  }

  #hold<R extends FileRole>(role: R, input: NonNullable<RunInputs[R]>, data: Uint8Array<ArrayBuffer>): void {
    const { inputs, blobs } = this.held;
    this.held = {
      inputs: { ...inputs, [role]: input },
      blobs: { ...blobs, [role]: new Blob([data]) },
    };
  }
}
