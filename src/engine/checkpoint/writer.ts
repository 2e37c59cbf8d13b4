/** Writes finished items while the run goes on: one file a chunk, one after the other, never waited for by the run. */

import type { SavedItem } from '../../workloads/workload.ts';
import type { RunProgress } from '../run/progress.ts';
import type { FinishedItem } from '../run/run-options.ts';
import { encodeChunk } from './chunk.ts';
import { type CheckpointFiles, chunkFile, HEAD_FILE, IN_FLIGHT_FILE } from './files.ts';
import { sealOf } from './frame.ts';
import { type CheckpointHead, encodeHead } from './head.ts';
import { encodeInFlight } from './in-flight.ts';
import type { Checkpoint } from './read.ts';

export class CheckpointWriter {
  readonly #files: CheckpointFiles;
  readonly #failed: (error: unknown) => void;
  #next: number;
  /** Of the head that all chunks belong to. */
  #seal: string;
  #queue: Promise<void> = Promise.resolve();
  #broken = false;
  /** Of items under way, to be written in its turn. */
  #saved: readonly SavedItem[] | undefined;

  /**
   * @param failed told once, with the storage's error; nothing is written after it, and what was written before stays
   * @param from what the run goes on from: its files are followed by others of the same head
   */
  constructor(files: CheckpointFiles, failed: (error: unknown) => void, from?: Pick<Checkpoint, 'next' | 'seal'>) {
    this.#files = files;
    this.#failed = failed;
    this.#next = from?.next ?? 0;
    this.#seal = from?.seal ?? '';
  }

  /** The head goes first: a checkpoint without one belongs to a run that had finished nothing. */
  begin(head: CheckpointHead): void {
    this.queue(async () => {
      const pieces = await encodeHead(head);
      this.#seal = sealOf(pieces);
      await this.#files.write(HEAD_FILE, pieces);
    });
  }

  /** Items with new results; an item that is written again takes the place of its earlier self. */
  add(finished: readonly FinishedItem[], progress: RunProgress | null): void {
    if (finished.length === 0) return;
    const name = chunkFile(this.#next++);
    this.queue(async () => this.#files.write(name, await encodeChunk(finished, progress, this.#seal)));
  }

  /** What of items under way is known now; where storage is slow, the latest alone is written. */
  save(items: readonly SavedItem[]): void {
    const waits = this.#saved !== undefined;
    this.#saved = items;
    if (waits) return;
    this.queue(async () => {
      const latest = this.#saved ?? [];
      this.#saved = undefined;
      await this.#files.write(IN_FLIGHT_FILE, await encodeInFlight(latest, this.#seal));
    });
  }

  /** An empty chunk in the place of a damaged or missing one, whose items are run again. */
  replace(number: number): void {
    this.queue(async () => this.#files.write(chunkFile(number), await encodeChunk([], null, this.#seal)));
  }

  /** Any other work in its turn. A failure counts as the storage's. */
  queue(work: () => Promise<void>): void {
    this.#queue = this.#queue.then(async () => {
      if (this.#broken) return;
      try {
        await work();
      } catch (error) {
        this.#broken = true;
        this.#failed(error);
      }
    });
  }

  /** True after the storage failed. */
  get broken(): boolean {
    return this.#broken;
  }

  /** Waits until everything so far is written, or has failed. */
  flush(): Promise<void> {
    return this.#queue;
  }
}
