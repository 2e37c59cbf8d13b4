/** The page's private files (origin private file system, OPFS): https://fs.spec.whatwg.org. Nothing else can read them. */

/** Access that a dedicated worker has; the DOM library describes the page's side only. */
interface SyncAccessHandle {
  write(bytes: Uint8Array, options: { at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

/** A browser that keeps nothing for this page, and why. */
export class NoHistoryError extends Error {
  override readonly name = 'NoHistoryError';
}

/** The folder of kept runs. @throws NoHistoryError as `privateFolder` */
export function historyFolder(): Promise<FileSystemDirectoryHandle> {
  return privateFolder('history');
}

/**
 * A folder at the top of the page's storage, made where it is missing.
 * @throws NoHistoryError where the browser has no such storage or refuses it (private windows, blocked site data).
 */
export async function privateFolder(name: string): Promise<FileSystemDirectoryHandle> {
  const storage = globalThis.navigator?.storage;
  if (typeof storage?.getDirectory !== 'function') {
    throw new NoHistoryError('This browser has no private file storage for pages, so runs are not kept.');
  }
  try {
    return await (await storage.getDirectory()).getDirectoryHandle(name, { create: true });
  } catch (cause) {
    throw new NoHistoryError(
      `This browser lets the page keep no files (${(cause as Error).message}), as in a private window; runs are not kept.`,
      { cause },
    );
  }
}

/** Writes a file from its start, piece by piece. The browser's own QuotaExceededError passes through. */
export class FileWriter {
  #bytes = 0;
  private constructor(readonly handle: SyncAccessHandle) {}

  static async open(folder: FileSystemDirectoryHandle, name: string): Promise<FileWriter> {
    const file = await folder.getFileHandle(name, { create: true });
    const open = (file as unknown as { createSyncAccessHandle?(): Promise<SyncAccessHandle> }).createSyncAccessHandle;
    if (!open) throw new NoHistoryError('This browser lets workers write no private files, so runs are not kept.');
    const handle = await open.call(file);
    handle.truncate(0);
    return new FileWriter(handle);
  }

  /** Bytes written so far. */
  get bytes(): number {
    return this.#bytes;
  }

  write(bytes: Uint8Array): void {
    const written = this.handle.write(bytes, { at: this.#bytes });
    this.#bytes += written;
    // A full disk may show as a short write instead of an exception.
    if (written < bytes.length) throw new DOMException('the disk took only part of a write', 'QuotaExceededError');
  }

  close(): void {
    this.handle.flush();
    this.handle.close();
  }
}

export async function writeText(folder: FileSystemDirectoryHandle, name: string, text: string): Promise<number> {
  const writer = await FileWriter.open(folder, name);
  try {
    writer.write(new TextEncoder().encode(text));
    return writer.bytes;
  } finally {
    writer.close();
  }
}

export async function readText(folder: FileSystemDirectoryHandle, name: string): Promise<string> {
  return (await (await folder.getFileHandle(name)).getFile()).text();
}

/** Names of the folders inside a folder. */
export async function folderNames(folder: FileSystemDirectoryHandle): Promise<string[]> {
  const names: string[] = [];
  const entries = (folder as unknown as { values(): AsyncIterable<FileSystemHandle> }).values();
  for await (const { kind, name } of entries) if (kind === 'directory') names.push(name);
  return names;
}
