/** What a checkpoint holds: finished items, each as it was written last, and which of its files cannot be believed. */

import type { SavedItem } from '../../workloads/workload.ts';
import type { RunProgress } from '../run/progress.ts';
import type { FinishedItem } from '../run/run-options.ts';
import { decodeChunk } from './chunk.ts';
import { type CheckpointFiles, chunkFile, chunkNumber, HEAD_FILE } from './files.ts';
import { sealOf, turns } from './frame.ts';
import { type CheckpointHead, decodeHead } from './head.ts';
import { readInFlight } from './in-flight.ts';

/** A chunk whose items are run again. */
export interface DamagedChunk {
  readonly number: number;
  /** "chunk-000003.lockstep: its hash does not match its contents". */
  readonly reason: string;
}

/** The finished items of a checkpoint, whatever became of its head. */
export interface StoredChunks {
  /** By index. */
  readonly finished: readonly FinishedItem[];
  readonly damaged: readonly DamagedChunk[];
  /** Number of the next chunk to be written. */
  readonly next: number;
  /** Where the run stood when the last readable chunk was done. */
  readonly progress: RunProgress | null;
}

/** More files in a row than this are never missing of a run: a number beyond them is a name that something else made. */
const MOST_MISSING = 1000;

export interface Checkpoint extends StoredChunks {
  readonly head: CheckpointHead;
  /** Of the head: all chunks have it. */
  readonly seal: string;
  /** What is known of items that were under way. */
  readonly saved: readonly SavedItem[];
}

/** @throws DamagedError for a head that is damaged; the storage's error where there is none. */
export async function readCheckpoint(files: CheckpointFiles): Promise<Checkpoint> {
  const bytes = await files.read(HEAD_FILE);
  const head = decodeHead(bytes);
  const seal = sealOf([bytes]);
  return { head, seal, saved: await readInFlight(files, seal), ...(await readChunks(files, seal)) };
}

/** All chunks of the run whose head has this seal; those that are damaged, missing or another run's are listed. */
export async function readChunks(files: CheckpointFiles, seal: string): Promise<StoredChunks> {
  const numbers = chunkNumbers(await files.names());
  const next = (numbers.at(-1) ?? -1) + 1;
  const found = new Map<number, FinishedItem>();
  const damaged: DamagedChunk[] = [];
  let progress: RunProgress | null = null;
  const turn = turns();
  for (let number = 0; number < next; number++) {
    try {
      if (!numbers.includes(number)) throw new Error('it is missing');
      const chunk = decodeChunk(await files.read(chunkFile(number)), seal);
      for (const one of chunk.finished) found.set(one.stored.info.index, one);
      progress = chunk.progress ?? progress;
    } catch (error) {
      damaged.push({ number, reason: `${chunkFile(number)}: ${(error as Error).message}` });
    }
    await turn();
  }
  const finished = [...found.values()].sort((a, b) => a.stored.info.index - b.stored.info.index);
  return { finished, damaged, next, progress };
}

/** Numbers of the chunks among the names, in their order. */
export function chunkNumbers(names: readonly string[]): number[] {
  const sorted = names.flatMap((name) => chunkNumber(name) ?? []).sort((a, b) => a - b);
  const beyond = sorted.findIndex((number, at) => number - (sorted[at - 1] ?? -1) > MOST_MISSING);
  return beyond < 0 ? sorted : sorted.slice(0, beyond);
}
