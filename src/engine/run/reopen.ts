/** A device in the place of a lost one: asked for again and again for a while, and refused where results would have other bits. */
import type { GpuContext } from '../../gpu/context.ts';
import { inTime } from '../../gpu/in-time.ts';
import { RunStop } from '../errors.ts';
import { planAgain, type StagePlan } from '../plan/stage-plan.ts';
import { SelfTestError } from '../self-test/errors.ts';

export interface Reopening {
  /** Opens a device. Whoever gives this closes what it has opened, however the reopening ends. */
  readonly reopen: () => Promise<GpuContext>;
  readonly plan: StagePlan;
  /** Name of the adapter that was lost. */
  readonly adapter: string;
  /** Ends the wait at once. */
  readonly stop?: AbortSignal;
  readonly limitMs?: number;
  /** Milliseconds before each attempt. */
  readonly pausesMs?: readonly number[];
}

/** A device that hangs in its driver's reset comes back within this, or not at all. */
const REOPEN_LIMIT_MS = 60_000;
/** Right after a reset a browser may have no adapter for a moment. */
const REOPEN_PAUSES_MS = [0, 500, 2000];

/**
 * Opens a device in the place of a lost one. Throws `RunStop` where none opens in time, where it fails its self-test, and where it is another adapter or wants another
 * kernel shape: results would have other bits than those that are kept. Throws the reason of `stop`.
 */
export async function reopenDevice(reopening: Reopening): Promise<GpuContext> {
  const { plan, adapter, stop, limitMs = REOPEN_LIMIT_MS } = reopening;
  // Ends the attempts when the wait for them is over.
  const over = new AbortController();
  let gpu: GpuContext;
  try {
    gpu = await inTime(openAgain(reopening, over.signal), {
      limitMs,
      late: () => noDevice(`no answer within ${limitMs / 1000} s`),
      signal: stop,
    });
  } finally {
    over.abort();
  }
  const refused = objection(plan, adapter, gpu);
  if (refused === undefined) return gpu;
  throw new RunStop({
    name: 'DeviceLostError',
    message: `The GPU device was lost, and ${refused}: its results could differ from those that are kept.`,
    todo: `Resume this run when ${adapter} is there again, or start a new run.`,
  });
}

async function openAgain({ reopen, pausesMs = REOPEN_PAUSES_MS }: Reopening, over: AbortSignal): Promise<GpuContext> {
  let reason: unknown;
  for (const pause of pausesMs) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    if (over.aborted) break;
    try {
      return await reopen();
    } catch (thrown) {
      if (thrown instanceof SelfTestError) throw wrongDevice(thrown);
      reason = thrown;
    }
  }
  throw noDevice(reason instanceof Error ? reason.message : String(reason));
}

/** It opened, so another attempt would open the same. */
function wrongDevice({ name, message, todo }: SelfTestError): RunStop {
  return new RunStop({
    name,
    message: `The GPU device was lost, and what opens now computes wrongly. ${message}`,
    todo: `${todo} This run can be resumed then.`,
  });
}

function noDevice(reason: string): RunStop {
  return new RunStop({
    name: 'DeviceLostError',
    message: `The GPU device was lost and does not open again: ${reason}`,
    todo: 'Resume this run when the GPU works again; a restart of the browser or the machine may help.',
  });
}

/** Why a run cannot go on with this device, as the end of a sentence; undefined where it can. */
function objection(plan: StagePlan, adapter: string, { report }: GpuContext): string | undefined {
  if (report.name !== adapter) return `what opens now is ${report.name} instead of ${adapter}`;
  const again = planAgain(plan, report, plan.chunk);
  if (JSON.stringify(again.shape.record) !== JSON.stringify(plan.shape.record))
    return `${adapter} now wants kernels of another shape`;
  return again.tooLarge === undefined ? undefined : `${adapter} now allows less (${again.tooLarge})`;
}
