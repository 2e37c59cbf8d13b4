/**
 * Zip archives that came from somewhere else. Nothing in them is believed: the directory is checked as a whole before any entry
 * is inflated, and an entry never yields more than it declared. Read in slices of a Blob, so an archive need not fit in memory.
 */
import { Inflate } from 'fflate';
import { defaultSizes } from '../batch/sizes.ts';
import { FileError } from './file-error.ts';
import { readDirectory, type ZipEntry } from './zip-directory.ts';

export type { ZipEntry };

const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_BYTES = 30;

/** Files of an archive by path, folders left out. */
export class ZipReader {
  private constructor(
    readonly name: string,
    readonly entries: ReadonlyMap<string, ZipEntry>,
    private readonly blob: Blob,
  ) {}

  /**
   * Checks the archive's directory.
   * @throws FileError, by name, for what is no zip, is cut short, or declares paths or sizes that are not to be trusted.
   */
  static async open(name: string, blob: Blob): Promise<ZipReader> {
    const entries = await readDirectory(name, blob);
    return new ZipReader(name, new Map(entries.map((entry) => [entry.path, entry])), blob);
  }

  /** The same archive with other paths for its entries. */
  withPaths(entries: ReadonlyMap<string, ZipEntry>): ZipReader {
    return new ZipReader(this.name, entries, this.blob);
  }

  /** An entry's bytes in pieces. @throws FileError when they are not what the directory declared. */
  async *pieces(path: string): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
    const entry = this.#entry(path);
    const start = await this.#dataStart(entry);
    let bytes = 0;
    for await (const piece of entry.deflated
      ? this.#inflated(entry, start)
      : this.#stored(entry, start, defaultSizes['bundle.readBytes'])) {
      bytes += piece.length;
      if (bytes > entry.bytes) throw this.#wrong(entry, `holds more than the ${entry.bytes} bytes it declares`);
      yield piece;
    }
    if (bytes < entry.bytes) throw this.#wrong(entry, `ends after ${bytes} of its ${entry.bytes} bytes`);
  }

  /** A whole entry of at most `limit` bytes. */
  async bytes(path: string, limit: number): Promise<Uint8Array<ArrayBuffer>> {
    const entry = this.#entry(path);
    if (entry.bytes > limit) throw this.#wrong(entry, `has ${entry.bytes} bytes, and at most ${limit} are read`);
    const whole = new Uint8Array(entry.bytes);
    let at = 0;
    for await (const piece of this.pieces(path)) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  }

  #entry(path: string): ZipEntry {
    const entry = this.entries.get(path);
    if (entry) return entry;
    throw new FileError(this.name, `${path} is missing`, 'Export the bundle again.');
  }

  /** First byte of an entry's data: behind its own header, which must be there and carry the same name. */
  async #dataStart(entry: ZipEntry): Promise<number> {
    const most = LOCAL_BYTES + entry.name.length;
    const bytes = new Uint8Array(await this.blob.slice(entry.offset, entry.offset + most).arrayBuffer());
    const header = new DataView(bytes.buffer);
    const found =
      bytes.length === most &&
      header.getUint32(0, true) === LOCAL_SIGNATURE &&
      header.getUint16(26, true) === entry.name.length &&
      entry.name.every((byte, i) => byte === bytes[LOCAL_BYTES + i]);
    if (!found) throw this.#wrong(entry, 'is not where the directory says');
    return entry.offset + most + header.getUint16(28, true);
  }

  async *#stored(entry: ZipEntry, start: number, size: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    for (let at = 0; at < entry.packedBytes; at += size) {
      const end = start + Math.min(at + size, entry.packedBytes);
      yield new Uint8Array(await this.blob.slice(start + at, end).arrayBuffer());
    }
  }

  async *#inflated(entry: ZipEntry, start: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const out: Uint8Array<ArrayBuffer>[] = [];
    const inflate = new Inflate((piece) => out.push(piece));
    let pushed = 0;
    // What a piece can grow to, times 1032, bounds memory.
    for await (const piece of this.#stored(entry, start, defaultSizes['bundle.inflateBytes'])) {
      pushed += piece.length;
      try {
        inflate.push(piece, pushed === entry.packedBytes);
      } catch (error) {
        throw this.#wrong(entry, `cannot be unpacked (${error instanceof Error ? error.message : String(error)})`);
      }
      yield* out.splice(0);
    }
  }

  #wrong(entry: ZipEntry, what: string): FileError {
    return new FileError(
      this.name,
      `${entry.path} ${what}`,
      'The archive is damaged or not to be trusted; get it again.',
    );
  }
}
