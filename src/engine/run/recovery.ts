/** What is done about an error in the middle of a run: which ones it survives, how a device comes back, when it is better to stop. */
import type { GpuContext } from '../../gpu/context.ts';
import { DeviceLostError, OutOfMemoryError } from '../../gpu/errors.ts';
import type { Experiment } from '../../workloads/workload.ts';
import { describeError, RunStop } from '../errors.ts';
import { atOnce, noRoomWords } from '../plan/inner-chunk.ts';
import type { StagePlan } from '../plan/stage-plan.ts';
import { innerSplitEvent, lossEvent, reopenedEvent, retryEvent, splitEvent, unrescuedEvent } from './events.ts';
import type { ErrorReport } from './progress.ts';
import type { RunRecorder } from './recorder.ts';
import { reopenDevice } from './reopen.ts';
import type { SessionHolder } from './session-holder.ts';
import type { RunStages, Stage } from './stages.ts';

/** `memory`: fewer items at once may do. `loss`: another device may do. `chunk`: trying again would fail again. */
export type Cause = 'memory' | 'loss' | 'chunk';

/** How JavaScript engines say that an array or a mapping has no room; other RangeErrors are defects. */
const NO_ROOM = /memory|alloc|too large|array (buffer )?length/i;

/** A validation, limit or shader error is never taken for one of memory. */
export function causeOf(thrown: unknown): Cause {
  if (thrown instanceof DeviceLostError) return 'loss';
  if (thrown instanceof OutOfMemoryError) return 'memory';
  return thrown instanceof RangeError && NO_ROOM.test(thrown.message) ? 'memory' : 'chunk';
}

export interface RecoveryOptions {
  readonly holder: SessionHolder;
  readonly recorder: RunRecorder;
  readonly stages: RunStages;
  /** Opens a device; without it a loss ends the run. */
  readonly reopen?: () => Promise<GpuContext>;
  /** The user ends the run: nothing is opened any more. */
  readonly stop: AbortSignal;
}

/** What a run goes on with. */
export interface Continuation {
  readonly stage: Stage;
  /** Items of the stage that still have to be computed; none where it is given up. */
  readonly items: readonly number[];
  /** Why the stage is given up and none of its items that are left has a result; the run goes on with the next. */
  readonly failed?: ErrorReport;
}

/** When an error came. */
export interface Moment {
  readonly stage: Stage;
  /** Items of the stage that are not settled. */
  readonly left: readonly number[];
  /** Those of them that are under way. */
  readonly inFlight: readonly number[];
  /** A session was open; without one it did not compile, or has no room. */
  readonly opened: boolean;
}

/** Decides after each error of a run, and remembers what that needs. */
export class Recovery {
  readonly #options: RecoveryOptions;
  /** Results and failures there were at the last loss. */
  #settledAtLoss = -1;

  constructor(options: RecoveryOptions) {
    this.#options = options;
  }

  /**
   * What to go on with, in smaller chunks or as it was; undefined where the error is the chunk's own. A rescue for which there is no memory
   * is given up, and its items keep what they have; so is a stage of several that has no memory, does not open or twice cost the device: the others go on. Throws
   * `RunStop`, the loss itself where no device can be opened again, and the reason of `stop` where the user ends the run meanwhile.
   */
  async after(thrown: unknown, moment: Moment): Promise<Continuation | undefined> {
    const { stage, left, opened } = moment;
    const cause = causeOf(thrown);
    if (cause === 'chunk') {
      const givenUp = this.#options.stages.areSeveral && !opened;
      return givenUp ? { stage, items: [], failed: describeError(thrown) } : undefined;
    }
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    if (cause === 'memory') return this.#split(stage, left, reason);
    return this.#reopened(thrown, moment, reason);
  }

  #split(stage: Stage, left: readonly number[], reason: string): Continuation {
    const { recorder, stages } = this.#options;
    const { workload, chunk, totalBytes: bytesBefore } = stage.plan;
    if (chunk > 1) {
      const next = stages.inSmaller(stage, Math.floor(chunk / 2));
      const { chunk: chunkAfter, totalBytes: bytesAfter } = next.plan;
      recorder.event(splitEvent(workload, left, { chunkBefore: chunk, chunkAfter, bytesBefore, bytesAfter }, reason));
      return { stage: next, items: left };
    }
    const smaller = stages.inSmallerPieces(stage);
    if (smaller) {
      recorder.event(innerSplitEvent(workload, left, piecesOf(stage.plan, smaller.plan), reason));
      return { stage: smaller, items: left };
    }
    if (stage.rescue > 0) {
      recorder.event(unrescuedEvent(workload, left, reason));
      return { stage: { ...stage, items: stage.items.filter((index) => !left.includes(index)) }, items: [] };
    }
    if (stages.areSeveral) return { stage, items: [], failed: noRoomIn(stage.plan, reason) };
    const message = `${workload.title}: out of memory with one ${workload.itemName.one} at a time (batch size 1). ${reason}`;
    recorder.event({ kind: 'failed', message, items: left, reason });
    const { inner, stage: listed } = stage.plan;
    const todo = listed ? noRoomWords(workload, inner, listed) : noRoomTodo(workload);
    throw new RunStop({ name: 'OutOfMemoryError', message, todo });
  }

  async #reopened(thrown: unknown, { stage, left, inFlight }: Moment, reason: string): Promise<Continuation> {
    const { holder, recorder, stages, reopen, stop } = this.#options;
    const { store } = recorder;
    const { workload, chunk } = stage.plan;
    recorder.event(lossEvent(workload, inFlight, chunk, reason));
    if (!reopen || !holder.report) throw thrown;
    const settled = store.failed().length + store.summaries().reduce((sum, { attempts }) => sum + attempts, 0);
    const again = settled === this.#settledAtLoss;
    const twice = `the device went away a second time before one more ${workload.itemName.one} had finished (batch size ${chunk}). ${reason}`;
    if (again && !stages.areSeveral) {
      const message = `${workload.title}: ${twice}`;
      recorder.event({ kind: 'failed', message, items: inFlight, reason });
      const todo = `Choose a batch size below ${chunk}, or ${lighterOf(workload).time}, and run again.`;
      throw new RunStop({ name: 'DeviceLostError', message, todo: chunk === 1 ? lostTodo(workload) : todo });
    }
    this.#settledAtLoss = settled;
    try {
      holder.gpu = await reopenDevice({ reopen, plan: stage.plan, adapter: holder.report.name, stop });
    } catch (refused) {
      if (stop.aborted) throw refused;
      recorder.event({
        kind: 'failed',
        message: `${workload.title}: ${(refused as Error).message}`,
        items: inFlight,
        reason,
      });
      throw refused;
    }
    recorder.event(reopenedEvent(workload, holder.report.name));
    // The others may be to the device's liking.
    if (again)
      return {
        stage,
        items: [],
        failed: { name: 'DeviceLostError', message: `Stage ${stage.plan.stage?.name}: ${twice}` },
      };
    recorder.event(retryEvent(workload, inFlight, chunk));
    return { stage, items: left };
  }
}

/** Why a stage of several is given up. */
function noRoomIn({ workload, stage, inner }: StagePlan, reason: string): ErrorReport {
  const message = `Stage ${stage?.name} is out of memory with one ${workload.itemName.one} at a time. ${reason} ${noRoomWords(workload, inner, stage)}`;
  return { name: 'OutOfMemoryError', message };
}

function piecesOf(before: StagePlan, after: StagePlan) {
  return {
    stage: before.stage?.name ?? '',
    entry: after.inner?.entry ?? '',
    chunkBefore: before.inner ? atOnce(before.inner) : 0,
    chunkAfter: after.inner ? atOnce(after.inner) : 0,
    bytesBefore: before.totalBytes,
    bytesAfter: after.totalBytes,
  };
}

/** What an experiment without words of its own says. */
const lighterOf = ({ lighter = { memory: 'a smaller problem', time: 'a shorter run' } }: Experiment) => lighter;

const noRoomTodo = (workload: Experiment) =>
  `Close other tabs and programs that use the GPU, or choose ${lighterOf(workload).memory}. A run can be resumed where it stopped.`;
const lostTodo = (workload: Experiment) =>
  `Choose ${lighterOf(workload).memory}, or update the graphics driver. A run can be resumed where it stopped.`;
