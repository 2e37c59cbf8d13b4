/** A checkpoint in the page's private files: one folder a run, below `checkpoints`. */
import type { CheckpointFiles } from '../../engine/checkpoint/files.ts';
import { FileWriter, folderNames, privateFolder } from '../history/folder.ts';

const ROOT = 'checkpoints';

/** `move` is in no list of types yet; browsers have it for private files. */
interface MovableHandle extends FileSystemFileHandle {
  move?(name: string): Promise<void>;
}

export class OpfsFiles implements CheckpointFiles {
  private constructor(readonly folder: FileSystemDirectoryHandle) {}

  /** Rejects where there is no such run, unless it is to be made. */
  static async open(id: string, create = false): Promise<OpfsFiles> {
    return new OpfsFiles(await (await privateFolder(ROOT)).getDirectoryHandle(id, { create }));
  }

  /** Under a temporary name first, where the browser can rename: a tab that is closed leaves no half of a chunk. */
  async write(name: string, pieces: readonly Uint8Array[]): Promise<void> {
    const temporary = `${name}.partial`;
    const handle: MovableHandle = await this.folder.getFileHandle(temporary, { create: true });
    const canMove = typeof handle.move === 'function';
    if (!canMove) await this.folder.removeEntry(temporary);
    const writer = await FileWriter.open(this.folder, canMove ? temporary : name);
    try {
      for (const piece of pieces) writer.write(piece);
    } finally {
      writer.close();
    }
    if (!canMove) return;
    await this.folder.removeEntry(name).catch(() => undefined);
    await handle.move?.(name);
  }

  async read(name: string): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await (await this.file(name)).arrayBuffer());
  }

  async file(name: string): Promise<File> {
    return (await this.folder.getFileHandle(name)).getFile();
  }

  async names(): Promise<string[]> {
    const names: string[] = [];
    for await (const name of (this.folder as unknown as { keys(): AsyncIterable<string> }).keys()) names.push(name);
    return names;
  }
}

/** Runs that have a checkpoint, by the names of their folders. @throws NoHistoryError */
export async function checkpointIds(): Promise<string[]> {
  return folderNames(await privateFolder(ROOT));
}

export async function removeCheckpoint(id: string): Promise<void> {
  await (await privateFolder(ROOT)).removeEntry(id, { recursive: true });
}
