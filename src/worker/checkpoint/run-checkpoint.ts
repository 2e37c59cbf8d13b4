/** The checkpoint of a run in progress, in the page's private files. The run never waits for it, and goes on without it. */
import { damageMessage, noteStorage } from '../../engine/checkpoint/events.ts';
import { withStorageFaults } from '../../engine/checkpoint/faults.ts';
import { sealOf } from '../../engine/checkpoint/frame.ts';
import { encodeHead, headOf } from '../../engine/checkpoint/head.ts';
import { CheckpointWriter } from '../../engine/checkpoint/writer.ts';
import type { RunController } from '../../engine/run/controller.ts';
import type { RunEvent } from '../../engine/run/events.ts';
import type { RunOutcome } from '../../engine/run/progress.ts';
import type { FaultPlan } from '../../gpu/faults.ts';
import type { SavedItem } from '../../workloads/workload.ts';
import { NoHistoryError } from '../history/folder.ts';
import { folderName } from '../history/write.ts';
import type { RunReply } from '../run-reply.ts';
import { holdRun } from './lock.ts';
import { OpfsFiles, removeCheckpoint } from './opfs-files.ts';
import { encodePageFile, PAGE_FILE } from './page-file.ts';
import { inputFile, type OpenedCheckpoint } from './resume.ts';

export interface RunCheckpointOptions {
  readonly run: RunController;
  readonly reply: RunReply;
  /** Bytes of the user's own files, by role. */
  readonly files: Readonly<Record<string, Blob>>;
  /** What the run goes on from. */
  readonly from?: OpenedCheckpoint;
  /** Storage that misbehaves as asked. */
  readonly faults?: FaultPlan;
  event(event: RunEvent): void;
}

export class RunCheckpoint {
  readonly #run: RunController;
  readonly #event: (event: RunEvent) => void;
  readonly #id: string;
  #writer: CheckpointWriter;
  #release: () => void = () => {};

  private constructor({ run, event, from }: RunCheckpointOptions) {
    this.#run = run;
    this.#event = event;
    this.#id = from?.id ?? folderName(run.startedAt);
    this.#writer = new CheckpointWriter(noFiles, () => {});
  }

  /** Never rejects: a checkpoint that cannot be begun is told as one that cannot go on. */
  static async open(options: RunCheckpointOptions): Promise<RunCheckpoint> {
    const checkpoint = new RunCheckpoint(options);
    try {
      await checkpoint.#begin(options);
    } catch (error) {
      checkpoint.#fail(error);
    }
    return checkpoint;
  }

  /** Writes the results of these items, in the background. */
  add(items: readonly number[]): void {
    const { store, plan, progress } = this.#run;
    this.#writer.add(store.stored(plan.workload.results, items), progress);
  }

  /** Writes what is known of items under way, in the background. */
  save(items: readonly SavedItem[]): void {
    this.#writer.save(items);
  }

  /**
   * Removes it once the history holds the run, or where nothing had finished. It stays where the history could not keep the run, and
   * for a run that failed: another visit may have better luck with the device.
   */
  async end(outcome: RunOutcome, kept: boolean): Promise<void> {
    await this.#writer.flush();
    const over = kept && outcome.state !== 'failed';
    if (over || this.#run.store.size === 0) await removeCheckpoint(this.#id).catch(() => undefined);
    this.#release();
  }

  async #begin({ run, reply, files, from, faults }: RunCheckpointOptions): Promise<void> {
    // The lock goes first: a folder whose run nobody holds is one that was cut short.
    this.#release = from?.release ?? (await holdRun(this.#id)) ?? this.#release;
    const opfs = await OpfsFiles.open(this.#id, true);
    const place = faults ? withStorageFaults(opfs, faults) : opfs;
    const writer = new CheckpointWriter(place, (error) => this.#fail(error), from?.checkpoint);
    this.#writer = writer;
    if (from) return this.#goOn(from);
    const { plan, problem, startedAt, report } = run;
    const { title } = run;
    const head = await headOf(plan, problem, report?.name ?? null, startedAt);
    const seal = sealOf(await encodeHead(head));
    const page = { kind: 'page' as const, title, startedAt: startedAt.toISOString(), config: plan.config, reply, seal };
    writer.queue(async () => {
      for (const [role, blob] of Object.entries(files)) {
        await place.write(inputFile(role), [new Uint8Array(await blob.arrayBuffer())]);
      }
      await place.write(PAGE_FILE, await encodePageFile(page));
    });
    writer.begin(head);
  }

  #goOn({ checkpoint }: OpenedCheckpoint): void {
    const { plan } = this.#run;
    for (const { number } of checkpoint.damaged) this.#writer.replace(number);
    const left = plan.items - checkpoint.finished.length;
    const message = damageMessage(checkpoint.damaged, left, plan.workload.itemName.many);
    if (message) this.#event(noteStorage(this.#run, message));
  }

  #fail(error: unknown): void {
    // The history says so where it is looked for; no need to say it with every run.
    if (error instanceof NoHistoryError) return;
    const { name, message } = error as Error;
    const full = name === 'QuotaExceededError';
    const why = full ? "The browser's storage for this page is full" : `The checkpoint cannot be written (${message})`;
    const text =
      `${why}: results that came after this are in no checkpoint, so a tab closed before the end of the run would lose them. The run ` +
      `and its results on the page are not touched. ${full ? 'Delete runs in the history before the next one, and export this one.' : 'Export it when it has ended.'}`;
    this.#event(noteStorage(this.#run, text, message));
  }
}

/** Where a checkpoint that could not be begun is written. */
const noFiles = {
  write: async () => undefined,
  read: async () => new Uint8Array(),
  names: async () => [],
};
