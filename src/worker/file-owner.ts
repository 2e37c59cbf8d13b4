/** The user's own files: read, checked, and held for the runs to come. */
import type { RunInputs } from '../workloads/workload.ts';
import type { FileReply, FileRole } from './protocol.ts';

export const FILE_ROLES: readonly FileRole[] = ['images', 'truth'];

interface Held {
  readonly inputs: RunInputs;
  /** The same files as they came, for the checkpoint. */
  readonly blobs: Readonly<Partial<Record<FileRole, Blob>>>;
}

export class FileOwner {
  /** Everything that is held; may be put back as a whole. */
  held: Held = { inputs: {}, blobs: {} };

  clear(role: FileRole): void {
    this.#hold(role, undefined, undefined);
  }

  /** Takes the place of the file in this role. A file that cannot be read changes nothing. Throws `FileError`. */
  async load(role: FileRole, name: string, bytes: ArrayBuffer): Promise<FileReply> {
    const data = new Uint8Array(bytes);
    if (role === 'images') {
      const { loadImages } = await import('../bundle/images.ts');
      const images = await loadImages(name, data);
      this.#hold(role, images, data);
      const { n, ny, nx } = images;
      return { role, name, count: n, what: `${n} ${n === 1 ? 'image' : 'images'} of ${ny} × ${nx} pixels` };
    }
    const { loadTruth } = await import('../bundle/truth-table.ts');
    const truth = await loadTruth(name, data);
    this.#hold(role, truth, data);
    const rows = truth.rows.length;
    return { role, name, count: rows, what: `${rows} ${rows === 1 ? 'row' : 'rows'}` };
  }

  #hold<R extends FileRole>(role: R, input: RunInputs[R], data: Uint8Array<ArrayBuffer> | undefined): void {
    const { inputs, blobs } = this.held;
    this.held = {
      inputs: { ...inputs, [role]: input },
      blobs: { ...blobs, [role]: data && new Blob([data]) },
    };
  }
}
