/** A folder of a checkpoint in memory, with a quota as browsers and disks have one. */
import type { CheckpointFiles } from '../checkpoint/files.ts';

export class MemoryFiles implements CheckpointFiles {
  readonly files = new Map<string, Uint8Array<ArrayBuffer>>();
  constructor(public quotaBytes = Number.POSITIVE_INFINITY) {}

  async write(name: string, pieces: readonly Uint8Array[]): Promise<void> {
    const bytes = new Uint8Array(await new Blob([...pieces] as BlobPart[]).arrayBuffer());
    const others = [...this.files].filter(([other]) => other !== name).reduce((sum, [, file]) => sum + file.length, 0);
    if (others + bytes.length > this.quotaBytes) throw new DOMException('no room', 'QuotaExceededError');
    this.files.set(name, bytes);
  }

  async read(name: string): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = this.files.get(name);
    if (!bytes) throw new Error(`there is no ${name}`);
    return bytes;
  }

  async names(): Promise<string[]> {
    return [...this.files.keys()];
  }
}
