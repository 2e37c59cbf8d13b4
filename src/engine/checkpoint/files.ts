/** What a checkpoint needs of a place to keep files, and how its own are called. */

/** A folder of one checkpoint: in the browser's private storage, or on disk. */
export interface CheckpointFiles {
  /** Writes a file in pieces; where the storage can, it appears at once and whole. Rejects with the storage's own error. */
  write(name: string, pieces: readonly Uint8Array[]): Promise<void>;
  read(name: string): Promise<Uint8Array<ArrayBuffer>>;
  names(): Promise<string[]>;
}

export const HEAD_FILE = 'head.lockstep';
/** Of items that were under way when it was written last. */
export const IN_FLIGHT_FILE = 'in-flight.lockstep';

/** `chunk-000012.lockstep`: in the order they were written. */
export function chunkFile(number: number): string {
  return `chunk-${String(number).padStart(6, '0')}.lockstep`;
}

/** Number of a chunk's file; undefined for other files. */
export function chunkNumber(name: string): number | undefined {
  const digits = /^chunk-(\d{6,})\.lockstep$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
