/** Bundles back from a zip: the page's export, or the command line's folder zipped, with or without a folder around it. */
import { FileError } from './file-error.ts';
import type { JsonValue } from './json.ts';
import { parseJson } from './json-text.ts';
import {
  MANIFEST_PATH,
  MANIFEST_SCHEMA,
  MANIFEST_VERSION,
  type Manifest,
  type ManifestEntry,
  resultId,
} from './manifest.ts';
import { type ZipEntry, ZipReader } from './read-zip.ts';
import { Sha256Stream } from './sha256.ts';

/** A bundle whose every file has been found and hashed. */
export interface VerifiedBundle {
  readonly name: string;
  readonly manifest: Manifest;
  /** Bytes of a file of the manifest. */
  bytes(path: string): Promise<Uint8Array<ArrayBuffer>>;
  text(path: string): Promise<string>;
  json(path: string): Promise<JsonValue>;
}

export interface VerifyOptions {
  /** Files hashed so far, files in all, path of the last one. */
  readonly onProgress?: (done: number, total: number, file: string) => void;
  /** Aborting throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Whole files are read up to this size; draws of all items together are only hashed, piece by piece. */
const MAX_FILE_BYTES = 256 * 1024 ** 2;
/** A manifest has so many bytes for each file at most, and so have all of JSON: what parses to objects takes many times its size. */
const MANIFEST_BYTES_A_FILE = 2048;
const JSON_BYTES_A_FILE = 65_536;
/** Of a bundle with few files. */
const FEW_JSON_BYTES = 4 * 1024 ** 2;
/** What operating systems and Python leave in folders without being asked. */
const LITTER = /(^|\/)(__MACOSX|__pycache__)\/|(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini)$/;
const EXPORT_AGAIN = 'Nothing of it was used. Get the bundle again from where it was made.';

/**
 * Opens an archive, compares its files with its manifest, hashes every one and recomputes the result id.
 * @throws FileError naming the file that is missing, changed, not in the manifest, or not to be trusted.
 */
export async function verifyBundle(name: string, blob: Blob, options: VerifyOptions = {}): Promise<VerifiedBundle> {
  const zip = withoutFolder(await ZipReader.open(name, blob));
  const manifest = await readManifest(zip);
  comparePaths(zip, manifest);
  const jsonLimit = Math.min(MAX_FILE_BYTES, FEW_JSON_BYTES + JSON_BYTES_A_FILE * manifest.files.length);
  let done = 0;
  for (const entry of manifest.files) {
    options.signal?.throwIfAborted();
    await verifyFile(zip, entry);
    options.onProgress?.(++done, manifest.files.length, entry.path);
  }
  const bundle: VerifiedBundle = {
    name,
    manifest,
    bytes: (path) => zip.bytes(path, MAX_FILE_BYTES),
    text: async (path) => decode(name, path, await zip.bytes(path, MAX_FILE_BYTES)),
    json: async (path) => parse(name, path, await zip.bytes(path, jsonLimit)),
  };
  if (resultId(await bundle.json('run.json'), manifest.files) !== manifest.resultId) {
    throw new FileError(name, 'the result id in manifest.json is not that of its files', EXPORT_AGAIN);
  }
  return bundle;
}

/** Takes the one folder that everything lies in off the paths, and litter out. */
function withoutFolder(zip: ZipReader): ZipReader {
  const entries = [...zip.entries].filter(([path]) => !LITTER.test(path));
  const folder = entries[0]?.[0].split('/')[0];
  const inside =
    entries.length > 0 && !zip.entries.has(MANIFEST_PATH) && entries.every(([path]) => path.startsWith(`${folder}/`));
  const cut = inside ? folder.length + 1 : 0;
  return zip.withPaths(new Map(entries.map(([path, entry]): [string, ZipEntry] => [path.slice(cut), entry])));
}

async function readManifest(zip: ZipReader): Promise<Manifest> {
  if (!zip.entries.has(MANIFEST_PATH)) {
    throw new FileError(
      zip.name,
      'it has no manifest.json, so it is no bundle or an incomplete one',
      'Give the whole zip that Export made, or the whole folder of a finished run, zipped.',
    );
  }
  const json = parse(
    zip.name,
    MANIFEST_PATH,
    await zip.bytes(MANIFEST_PATH, MANIFEST_BYTES_A_FILE * (zip.entries.size + 1)),
  ) as Record<string, JsonValue>;
  if (json?.schema !== MANIFEST_SCHEMA) {
    throw new FileError(zip.name, 'its manifest.json is not that of a Lockstep bundle', 'Give a bundle of Lockstep.');
  }
  if (json.schema_version !== MANIFEST_VERSION) {
    throw new FileError(
      zip.name,
      `its layout has version ${JSON.stringify(json.schema_version)}, and this program reads version ${MANIFEST_VERSION}`,
      'Open it with the version of Lockstep that made it (see environment.json).',
    );
  }
  const id = json.result_id;
  if (!Array.isArray(json.files) || !isHash(id)) {
    throw new FileError(zip.name, 'its manifest.json lacks the list of files or the result id', EXPORT_AGAIN);
  }
  return { resultId: id, files: json.files.map((file, i) => manifestEntry(zip.name, file, i)) };
}

function manifestEntry(name: string, value: JsonValue, index: number): ManifestEntry {
  const { path, bytes, sha256, media_type: mediaType } = (value ?? {}) as Record<string, JsonValue>;
  if (typeof path === 'string' && typeof bytes === 'number' && isHash(sha256) && typeof mediaType === 'string') {
    return { path, bytes, sha256, mediaType };
  }
  throw new FileError(name, `entry ${index + 1} of its manifest.json is not readable`, EXPORT_AGAIN);
}

function isHash(value: unknown): value is string {
  return typeof value === 'string' && /^sha256:[0-9a-f]{64}$/.test(value);
}

function comparePaths(zip: ZipReader, { files }: Manifest): void {
  const listed = new Set<string>([MANIFEST_PATH]);
  for (const { path } of files) {
    if (listed.has(path)) throw new FileError(zip.name, `manifest.json lists ${path} twice`, EXPORT_AGAIN);
    listed.add(path);
    if (!zip.entries.has(path)) throw new FileError(zip.name, `${path} is missing`, EXPORT_AGAIN);
  }
  for (const path of zip.entries.keys()) {
    if (listed.has(path)) continue;
    const advice =
      'Remove it, or give the bundle as it was made; a folder that two runs wrote into holds files of both.';
    throw new FileError(zip.name, `${path} is not in its manifest`, advice);
  }
  if (!listed.has('run.json')) throw new FileError(zip.name, 'its manifest has no run.json', EXPORT_AGAIN);
}

async function verifyFile(zip: ZipReader, { path, bytes, sha256 }: ManifestEntry): Promise<void> {
  const hash = new Sha256Stream();
  let seen = 0;
  for await (const piece of zip.pieces(path)) {
    hash.update(piece);
    seen += piece.length;
  }
  if (seen !== bytes) {
    throw new FileError(zip.name, `${path} has ${seen} bytes, its manifest says ${bytes}`, EXPORT_AGAIN);
  }
  if (hash.digest() !== sha256) {
    throw new FileError(zip.name, `${path} was changed: its SHA-256 is not that of the manifest`, EXPORT_AGAIN);
  }
}

function decode(name: string, path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new FileError(name, `${path} is no text in UTF-8`, EXPORT_AGAIN);
  }
}

function parse(name: string, path: string, bytes: Uint8Array): JsonValue {
  try {
    return parseJson(decode(name, path, bytes)) as JsonValue;
  } catch (error) {
    if (error instanceof FileError) throw error;
    throw new FileError(name, `${path} is not JSON (${(error as Error).message})`, EXPORT_AGAIN);
  }
}
