/** Plain data that bundles are made of. Workload results match these structurally; this folder imports nothing above it. */

/** One file of a bundle. */
export interface BundleFile {
  /** Relative, forward slashes, no `..`. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A file too large to hold in memory: its bytes come in pieces, once, in order. */
export interface StreamedFile {
  readonly path: string;
  readonly pieces: AsyncIterable<Uint8Array<ArrayBuffer>>;
}

export type AnyFile = BundleFile | StreamedFile;

/** A file that is not made yet. */
export interface FileEntry {
  readonly path: string;
  make(): AnyFile | Promise<AnyFile>;
}

/** A column of per-draw values, [chain][draw] flattened. */
export interface PosteriorColumn {
  readonly name: string;
  readonly values: Float64Array | Float32Array | Int32Array | Uint8Array;
}

/** One posterior with its sampler statistics. */
export interface PosteriorData {
  readonly chains: number;
  readonly draws: number;
  readonly parameters: readonly PosteriorColumn[];
  /** ArviZ's sample_stats: lp, energy, energy_error, acceptance_rate, step_size, n_steps, diverging. */
  readonly stats: readonly PosteriorColumn[];
}

/** Text as the bytes of a UTF-8 file. */
export function textFile(path: string, text: string): BundleFile {
  return { path, bytes: new TextEncoder().encode(text) };
}

export function textEntry(path: string, text: () => string): FileEntry {
  return { path, make: () => textFile(path, text()) };
}

/** A bundle that cannot be written: what is wrong with which part, what to do. Nothing of the file is kept. */
export class BundleError extends Error {
  override readonly name = 'BundleError';
}
