/** What the device really gives: whole chunks are allocated and touched, doubling until it refuses, then bisected. */
import { checkPlan } from '../../gpu/allocation.ts';
import { type BufferPlan, planBytes } from '../../gpu/plan.ts';
import { formatBytes } from '../bytes.ts';
import type { TunerDevice } from './device.ts';
import { sizeFailure } from './failure.ts';
import { searchLargest } from './search.ts';
import { touchPages } from './touch.ts';
import type { ProbeReport, ProbeTrial } from './types.ts';

export interface ProbeInput {
  readonly device: TunerDevice;
  readonly planFor: (chunk: number) => BufferPlan;
  /** Largest chunk that the caps allow. */
  readonly largest: number;
  readonly signal: AbortSignal;
  readonly now: () => number;
  /** Told after each attempt. */
  readonly tell: (trial: ProbeTrial) => void;
}

/** Nothing stays allocated. Throws what is no matter of memory, `TuningError` for a device that keeps going away, the signal's reason. */
export async function probeAllocation(input: ProbeInput): Promise<ProbeReport> {
  const trials: ProbeTrial[] = [];
  const largestFitted = await searchLargest(input.largest, async (chunk) => {
    input.signal.throwIfAborted();
    const trial = await attempt(input, chunk);
    trials.push(trial);
    input.tell(trial);
    return trial.fitted;
  });
  return { trials, largestFitted, refused: trials.some(({ fitted }) => !fitted) };
}

async function attempt({ device, planFor, now }: ProbeInput, chunk: number): Promise<ProbeTrial> {
  const plan = planFor(chunk);
  const bytes = planBytes(plan);
  const startedAt = now();
  const done = (fitted: boolean, reason: string): ProbeTrial => ({
    chunk,
    bytes,
    fitted,
    ms: now() - startedAt,
    reason,
  });
  // A plan that is wrong in itself is a defect: it must not look like a lack of memory.
  checkPlan(plan, device.gpu.report.limits);
  try {
    const { gpu } = device;
    const allocation = await gpu.allocate(plan);
    try {
      await touchPages(gpu, plan, allocation);
    } finally {
      allocation.destroy();
    }
    // Freeing is work of the queue as well: the next attempt must not meet this one's memory.
    await gpu.finished();
    return done(true, `${formatBytes(bytes)} taken and every page written.`);
  } catch (thrown) {
    return done(false, await sizeFailure(thrown, device));
  }
}
