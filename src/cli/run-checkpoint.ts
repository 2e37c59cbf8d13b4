/** The checkpoint of a run of the command line, from its first chunk until it is no longer needed. */
import { damageMessage, noteStorage } from '../engine/checkpoint/events.ts';
import { type CommandLine, headOf } from '../engine/checkpoint/head.ts';
import type { Checkpoint } from '../engine/checkpoint/read.ts';
import { CheckpointWriter } from '../engine/checkpoint/writer.ts';
import type { RunController } from '../engine/run/controller.ts';
import type { RunOutcome } from '../engine/run/progress.ts';
import { ConfigError, type SavedItem } from '../workloads/workload.ts';
import type { CheckpointFolder } from './checkpoint-files.ts';
import { removePartials } from './resume.ts';
import { plainCause } from './storage-error.ts';

/**
 * Under the folder's lock: what a run goes on from must be as it was read, and a new one must not end what an unfinished one left, unless
 * that was asked for.
 * @param from what the run goes on from
 * @throws ConfigError for the output folder
 */
export async function requireOurs(folder: CheckpointFolder, from: Checkpoint | undefined, discard: boolean) {
  if (from && !(await folder.isAsRead(from)))
    throw new ConfigError(
      'resume',
      `another process has gone on with the run in ${folder.output} meanwhile. Try again.`,
    );
  if (from || discard || !(await folder.holdsRun())) return;
  throw new ConfigError(
    'output-dir',
    `${folder.output} holds an unfinished run. Go on with it (lockstep run --resume ${folder.output}), choose another folder, ` +
      'or give up what it has finished with --discard-checkpoint.',
  );
}

export interface RunCheckpointOptions {
  readonly run: RunController;
  readonly folder: CheckpointFolder;
  /** What the run goes on from. */
  readonly from?: Checkpoint;
  /** Indices of items that it took over of another run: they are kept at once. */
  readonly taken?: readonly number[];
  readonly commandLine: CommandLine;
  warn(message: string): void;
  /** Called once, when nothing can be added any more. */
  broken(): void;
}

export class RunCheckpoint {
  readonly #options: RunCheckpointOptions;
  readonly #writer: CheckpointWriter;

  private constructor(options: RunCheckpointOptions) {
    const { run, folder, from, warn, broken } = options;
    this.#options = options;
    const failed = (error: unknown) => {
      const { message } = noteStorage(
        run,
        `The checkpoint in ${folder.path} could not be written: ${plainCause(error)}. The run does without one from here on; ` +
          'what finishes later would be run again by --resume.',
        (error as Error).message,
      );
      warn(message);
      broken();
    };
    this.#writer = new CheckpointWriter(folder, failed, from);
  }

  /** Writes the head, or puts in order what the run goes on from. The output folder must be held. */
  static async open(options: RunCheckpointOptions): Promise<RunCheckpoint> {
    const { run, folder, from, taken = [], commandLine, warn } = options;
    const checkpoint = new RunCheckpoint(options);
    if (!from) {
      await folder.clear();
      const { plan, problem, report, startedAt } = run;
      checkpoint.#writer.begin(await headOf(plan, problem, report?.name ?? null, startedAt, commandLine));
      checkpoint.add(taken);
      await checkpoint.#writer.flush();
      return checkpoint;
    }
    await removePartials(folder.output, run.problem.items);
    for (const { number } of from.damaged) checkpoint.#writer.replace(number);
    const left = run.plan.items - from.finished.length;
    const damage = damageMessage(from.damaged, left, run.plan.workload.itemName.many);
    if (damage) warn(noteStorage(run, damage).message);
    return checkpoint;
  }

  /** Writes the results of these items, in the background. */
  add(items: readonly number[]): void {
    const { run } = this.#options;
    this.#writer.add(run.store.stored(run.plan.workload.results, items), run.progress);
  }

  /** Writes what is known of items under way, in the background. */
  save(items: readonly SavedItem[]): void {
    this.#writer.save(items);
  }

  /** True after the storage failed: what finishes is not added any more. */
  get broken(): boolean {
    return this.#writer.broken;
  }

  /** Removes it when every item has its result and all files are written; else it stays, and the line says how to go on. */
  async end({ state, failed }: RunOutcome): Promise<string | undefined> {
    const { folder } = this.#options;
    await this.#writer.flush();
    if (state === 'finished' && failed.length === 0) {
      await folder.remove();
      return undefined;
    }
    return this.keep();
  }

  /** Leaves it for another process. The line says how to go on; there is none where it holds nothing. */
  async keep(): Promise<string | undefined> {
    const { folder } = this.#options;
    await this.#writer.flush();
    await folder.release();
    if (!(await folder.holdsRun())) return undefined;
    return `What is left can be run later: lockstep run --resume ${folder.output}`;
  }
}
