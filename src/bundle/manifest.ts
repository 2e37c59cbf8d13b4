/** manifest.json: every file of a bundle with its size and hash, and the id of the result. */
import { canonicalJson, type JsonValue } from './json.ts';
import { Sha256Stream, sha256Of } from './sha256.ts';
import { type AnyFile, type BundleFile, type StreamedFile, textFile } from './types.ts';

export const MANIFEST_PATH = 'manifest.json';
export const MANIFEST_SCHEMA = 'lockstep-bundle';
export const MANIFEST_VERSION = 1;

export interface ManifestEntry {
  readonly path: string;
  readonly bytes: number;
  /** "sha256:…" */
  readonly sha256: string;
  readonly mediaType: string;
}

export interface Manifest {
  /** Hash of what must repeat, see `resultId`. */
  readonly resultId: string;
  /** Sorted by path; all files but the manifest itself. */
  readonly files: readonly ManifestEntry[];
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  json: 'application/json',
  md: 'text/markdown',
  nc: 'application/x-netcdf',
  py: 'text/x-python',
  sh: 'application/x-sh',
  svg: 'image/svg+xml',
  wgsl: 'text/plain',
};

export function mediaTypeOf(path: string): string {
  return MEDIA_TYPES[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
}

/**
 * Files that equal runs may differ in, or that only explain or restate the others. Diagnostics restate the draws: they go through
 * `Math.log`, which differs in the last bit between versions of JavaScript engines.
 */
const OUTSIDE = [
  'README.md',
  'bias_results.json',
  'environment.json',
  'failures.json',
  'load.py',
  'memory.csv',
  'metrics.json',
  'per_perturbation.csv',
  'precision.csv',
  'reproduce.sh',
  'ro-crate-metadata.json',
  'run.json',
  'steps.csv',
  'summary.csv',
  'timing.csv',
  'tuning.json',
];

/** Bundles without it are older: what it holds was called tuning.json then, and had to repeat. */
const ITEMS_PATH = 'items.json';

/** True for files whose bytes equal runs must repeat. */
function mustRepeat(path: string, older: boolean): boolean {
  if (older && path === 'tuning.json') return true;
  return (
    path !== MANIFEST_PATH &&
    !OUTSIDE.includes(path) &&
    !path.startsWith('plots/') &&
    !path.endsWith('/convergence.json')
  );
}

/**
 * The id of a result: the hash of the configuration without what cannot change a result (batch size, memory budget, name of
 * the preset, names of files), and of all files that must repeat. Equal runs on one adapter have equal ids.
 * @param run what run.json holds
 */
export function resultId(run: JsonValue, files: readonly ManifestEntry[]): string {
  const older = !files.some(({ path }) => path === ITEMS_PATH);
  const hashes = files.filter(({ path }) => mustRepeat(path, older)).map(({ path, sha256 }) => [path, sha256]);
  hashes.sort(([a], [b]) => (a < b ? -1 : 1));
  const text = canonicalJson({ schema: MANIFEST_VERSION, run: repeatable(run), files: hashes }, 0);
  return sha256Of(new TextEncoder().encode(text));
}

/**
 * What a run was asked, whatever answered it: equal texts stand for the same items with the same data.
 * @param run what run.json holds
 */
export function questionOf(run: JsonValue): string {
  const { batch: _, preset: __, ran, ...config } = fields(run);
  const noted = Object.entries(fields(ran));
  const options = Object.fromEntries(noted.map(([key, value]) => [key, fields(value).options]));
  return canonicalJson({ ...config, files: hashes(fields(ran)), options }, 0);
}

function repeatable(run: JsonValue): JsonValue {
  const { batch: _, preset: __, ran, ...config } = fields(run);
  const { version, mode, shape } = fields(ran);
  return { ...config, ran: { version, mode, shape, ...hashes(fields(ran)) } };
}

/** Of every file that a run notes, the user's and what shipped, by what they are to it; the user's network was also what was loaded. */
function hashes({ network: _, ...noted }: Fields): Fields {
  return Object.fromEntries(
    Object.entries(noted).flatMap(([key, value]) => {
      const { sha256 } = fields(value);
      return sha256 === undefined ? [] : [[key, sha256]];
    }),
  );
}

interface Fields {
  readonly [key: string]: JsonValue | undefined;
}

function fields(value: JsonValue | undefined): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** Gathers what the manifest says while files go by; makes it when all have. */
export class ManifestBuilder {
  /** By path: a file that is written again replaces its earlier self. */
  readonly #entries = new Map<string, ManifestEntry>();

  /** The same file; a streamed one is noted when its last piece has passed. */
  note(file: BundleFile): BundleFile;
  note(file: AnyFile): AnyFile;
  note(file: AnyFile): AnyFile {
    if ('bytes' in file) {
      this.#put(file.path, file.bytes.length, sha256Of(file.bytes));
      return file;
    }
    return { path: file.path, pieces: this.#through(file) };
  }

  /** What was noted so far. */
  get entries(): readonly ManifestEntry[] {
    return [...this.#entries.values()];
  }

  /** @param runJson the text of run.json */
  finish(runJson: string): { file: BundleFile; resultId: string } {
    const files = [...this.#entries.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
    const id = resultId(JSON.parse(runJson) as JsonValue, files);
    const text = canonicalJson({
      schema: MANIFEST_SCHEMA,
      schema_version: MANIFEST_VERSION,
      result_id: id,
      files: files.map(({ mediaType, ...entry }) => ({ ...entry, media_type: mediaType })),
    });
    return { file: textFile(MANIFEST_PATH, text), resultId: id };
  }

  async *#through({ path, pieces }: StreamedFile): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const hash = new Sha256Stream();
    let bytes = 0;
    for await (const piece of pieces) {
      hash.update(piece);
      bytes += piece.length;
      yield piece;
    }
    this.#put(path, bytes, hash.digest());
  }

  #put(path: string, bytes: number, sha256: string): void {
    this.#entries.set(path, { path, bytes, sha256, mediaType: mediaTypeOf(path) });
  }
}
