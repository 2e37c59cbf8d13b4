/**
 * The throughput of one chunk size, from a real session of the real problem: a warm-up, then at least three timed steps and 200 ms, the
 * median. Chunks that are over soon are run whole; of longer ones the fit and some transitions are timed, and the rest follows from them.
 */
import type { Session } from '../../workloads/workload.ts';
import { median } from './median.ts';
import { TrialTimeError, Walk } from './walk.ts';

const MIN_STEPS = 3;
const MIN_TIMED_MS = 200;
/** Transitions before anything is timed: the size of submits settles, clocks rise. */
const WARMUP_MS = 150;

export interface TrialInput {
  readonly session: Session;
  readonly items: readonly number[];
  readonly signal: AbortSignal;
  readonly now: () => number;
  /** Milliseconds that warm-up and timed steps may take together. */
  readonly limitMs: number;
  /** Milliseconds an item that readback took in a smaller chunk; undefined where no chunk was run whole yet. */
  readonly readbackMsPerItem?: number;
  /** Results are read back and made, too. Where they would not fit beside all else they are only computed. */
  readonly collects: boolean;
}

export interface Timed {
  readonly chunkMs: number;
  readonly basis: 'whole' | 'estimate';
  readonly steps: number;
  /** Time of the slowest step over that of the fastest. */
  readonly spread: number;
  readonly readbackMsPerItem: number | null;
  /** What the figure holds, in words. */
  readonly holds: string;
}

/** Throws `TrialTimeError` when not even one step could be timed, what the session throws, and the signal's reason. */
export async function timeChunk(input: TrialInput): Promise<Timed> {
  const { now, limitMs, items } = input;
  const endsAt = now() + limitMs;
  const walk = new Walk(input.session, input.signal, () => now() >= endsAt);
  await walk.start(items);
  await walk.to(1);
  const warmupFrom = now();
  do await walk.piece();
  while (!walk.done && now() - warmupFrom < WARMUP_MS);
  const msPerTransition = (now() - warmupFrom) / Math.max(1, walk.steps - 1);
  if (walk.done && input.collects) await input.session.collect();
  const expectedMs = msPerTransition * walk.total;
  return MIN_STEPS * expectedMs <= endsAt - now() ? timeWhole(input, walk) : timeSteps(input, walk, msPerTransition);
}

/** Chunks from upload to readback. */
async function timeWhole(input: TrialInput, walk: Walk): Promise<Timed> {
  const { session, items, now, collects, readbackMsPerItem = 0 } = input;
  const wholeMs: number[] = [];
  const readbackMs: number[] = [];
  while (wholeMs.length < MIN_STEPS || sum(wholeMs) < MIN_TIMED_MS) {
    const startedAt = now();
    try {
      await walk.start(items);
      while (!walk.done) await walk.piece();
    } catch (thrown) {
      if (thrown instanceof TrialTimeError && wholeMs.length > 0) break;
      throw thrown;
    }
    const sampledAt = now();
    if (collects) await session.collect();
    wholeMs.push(now() - startedAt);
    readbackMs.push(now() - sampledAt);
  }
  const n = wholeMs.length;
  const what = `median of ${n} whole ${n === 1 ? 'chunk' : 'chunks'}: upload, fit, all transitions`;
  return {
    chunkMs: median(wholeMs) + (collects ? 0 : readbackMsPerItem * items.length),
    basis: collects ? 'whole' : 'estimate',
    steps: n,
    spread: spreadOf(wholeMs),
    readbackMsPerItem: collects ? median(readbackMs) / items.length : null,
    holds: collects ? `${what}, readback` : `${what}; ${readbackWords(input)}`,
  };
}

/** The fit, then stretches of transitions. */
async function timeSteps(input: TrialInput, walk: Walk, msPerTransition: number): Promise<Timed> {
  const { items, now, readbackMsPerItem = 0 } = input;
  const startedAt = now();
  await walk.start(items);
  await walk.to(1);
  const fitMs = now() - startedAt;
  const wanted = Math.ceil(MIN_TIMED_MS / MIN_STEPS / msPerTransition);
  const step = Math.max(1, Math.min(wanted, Math.floor((walk.total - 1) / MIN_STEPS)));
  const stepMs: number[] = [];
  while (!walk.done && (stepMs.length < MIN_STEPS || sum(stepMs) < MIN_TIMED_MS)) {
    const [from, before] = [now(), walk.steps];
    try {
      await walk.to(before + step);
    } catch (thrown) {
      if (thrown instanceof TrialTimeError && stepMs.length > 0) break;
      throw thrown;
    }
    stepMs.push((now() - from) / (walk.steps - before));
  }
  const each = median(stepMs);
  const transitions = walk.total - 1;
  const n = stepMs.length;
  return {
    chunkMs: fitMs + transitions * each + readbackMsPerItem * items.length,
    basis: 'estimate',
    steps: n,
    spread: spreadOf(stepMs),
    readbackMsPerItem: null,
    holds: `upload, fit and the first transition timed once, the other ${transitions} from the median of ${n} ${n === 1 ? 'step' : 'steps'} of ${step}; ${readbackWords(input)}`,
  };
}

function readbackWords({ readbackMsPerItem }: TrialInput): string {
  if (readbackMsPerItem === undefined) return 'readback left out';
  return `readback taken as ${readbackMsPerItem.toPrecision(2)} ms an item, as measured with a smaller chunk`;
}

function spreadOf(values: readonly number[]): number {
  return Math.max(...values) / Math.min(...values);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
