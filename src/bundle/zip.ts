/** Bundles as zip archives, streamed: one file in memory at a time, of a streamed file one piece. */
import { deflateSync, Zip, ZipPassThrough } from 'fflate';
import { MANIFEST_PATH } from './manifest.ts';
import { type AnyFile, BundleError } from './types.ts';

export interface ZipProgress {
  /** Files written so far and the path of the last. */
  readonly files: number;
  readonly path: string;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

export interface ZipOptions {
  readonly onProgress?: (progress: ZipProgress) => void;
  /** Aborting throws the signal's reason; what was yielded is no valid archive. */
  readonly signal?: AbortSignal;
}

/** DOS time counts from 1980 in local time; the same moment on every clock gives the same bytes. */
const FIXED_TIME = new Date(1980, 0, 1);
/** What the zip format can count without its 64-bit extension. */
const MAX_FILES = 65_535;
const MAX_BYTES = 2 ** 32 - 1;
/** Milliseconds after which other work gets its turn, so that a worker hears "cancel". */
const TURN_MS = 50;

/**
 * A whole file, deflated in one piece. fflate 0.8.3's own streaming `ZipDeflate` writes back-references beyond the start
 * of some files, which no reader accepts (https://github.com/101arrowz/fflate/issues/260); `deflateSync` is right.
 */
class DeflatedFile extends ZipPassThrough {
  constructor(path: string) {
    super(path);
    this.compression = 8;
    this.mtime = FIXED_TIME;
  }
  protected override process(chunk: Uint8Array<ArrayBuffer>, final: boolean): void {
    this.ondata(null, deflateSync(chunk, { level: 6 }), final);
  }
}

/**
 * Yields the bytes of a zip archive. Equal files give equal bytes: times are fixed, and files must come sorted by path
 * (code units, `sortFiles`), except `manifest.json`, which may come last.
 * @throws BundleError for paths that are unsorted, repeated or unsafe, and for archives beyond 65,535 files or 4 GiB.
 */
export async function* zipBundle(
  files: Iterable<AnyFile> | AsyncIterable<AnyFile>,
  { onProgress, signal }: ZipOptions = {},
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  let ready: Uint8Array<ArrayBuffer>[] = [];
  let failure: Error | null = null;
  const zip = new Zip((error, chunk) => {
    if (error) failure = error;
    else if (chunk.length > 0) ready.push(chunk);
  });
  let previous: string | undefined;
  let bytesIn = 0;
  let bytesOut = 0;
  let count = 0;
  let turn = performance.now();
  const take = (): Uint8Array<ArrayBuffer>[] => {
    if (failure) throw new BundleError(`The archive could not be written: ${failure.message}`, { cause: failure });
    const chunks = ready;
    ready = [];
    for (const chunk of chunks) bytesOut += chunk.length;
    if (bytesOut > MAX_BYTES) {
      throw new BundleError(
        'The archive passes 4 GiB, the most a zip can hold; export fewer items or a folder instead.',
      );
    }
    return chunks;
  };
  const giveTurn = async () => {
    signal?.throwIfAborted();
    if (performance.now() - turn <= TURN_MS) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    turn = performance.now();
  };
  for await (const file of files) {
    const { path } = file;
    signal?.throwIfAborted();
    checkPath(path, previous);
    if (++count > MAX_FILES) {
      throw new BundleError('The archive passes 65,535 files; export fewer items or a folder instead.');
    }
    previous = path;
    if ('bytes' in file) {
      const entry = new DeflatedFile(path);
      zip.add(entry);
      entry.push(file.bytes, true);
      bytesIn += file.bytes.length;
    } else {
      // Draws hardly shrink, and deflating in pieces is what cannot be trusted (see above): stored as they are.
      const entry = new ZipPassThrough(path);
      entry.mtime = FIXED_TIME;
      zip.add(entry);
      for await (const piece of file.pieces) {
        entry.push(piece);
        bytesIn += piece.length;
        yield* take();
        await giveTurn();
      }
      entry.push(new Uint8Array(0), true);
    }
    yield* take();
    onProgress?.({ files: count, path, bytesIn, bytesOut });
    await giveTurn();
  }
  signal?.throwIfAborted();
  zip.end();
  yield* take();
}

function checkPath(path: string, previous: string | undefined): void {
  const parts = path.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..') || /[\\:]/.test(path)) {
    throw new BundleError(`"${path}" is no path for a bundle; use relative paths with forward slashes.`);
  }
  if (previous === undefined || path > previous) return;
  if (path === MANIFEST_PATH && previous !== MANIFEST_PATH) return;
  const what = path === previous ? 'appears twice' : `comes after "${previous}"`;
  throw new BundleError(`"${path}" ${what}; give files sorted by path, each once.`);
}

/** The order `zipBundle` takes: by code units of the path. */
export function sortFiles<T extends { readonly path: string }>(files: readonly T[]): T[] {
  return files.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
