/** The throughput ladder: 1, 2, 4, … items a chunk until there is nothing more to gain. */
import { planBytes } from '../../gpu/plan.ts';
import { sizeFailure } from './failure.ts';
import { doubtful, ladderEnd, rungs } from './ladder-rule.ts';
import type { Setting } from './setting.ts';
import { timeChunk } from './trial.ts';
import type { LadderTrial } from './types.ts';
import { TrialTimeError } from './walk.ts';

export interface LadderInput {
  readonly setting: Setting;
  /** Largest chunk that fitted. */
  readonly largest: number;
  /** Milliseconds that a trial may take, and when the ladder has to be over. */
  readonly trialMs: number;
  readonly endsAt: number;
  readonly tell: (trial: LadderTrial) => void;
}

export interface Ladder {
  readonly trials: readonly LadderTrial[];
  /** Why it went no further, in words. */
  readonly ended: string;
}

/**
 * Before it ends, sizes whose figure is in doubt are measured again as far as the time goes.
 * Throws what is no matter of memory or of a lost device, and the signal's reason. Everything is freed.
 */
export async function climbLadder(input: LadderInput): Promise<Ladder> {
  const { setting, largest, trialMs, endsAt, tell } = input;
  const trials: LadderTrial[] = [];
  const timeIsUp = () => trials.length > 0 && setting.now() >= endsAt;
  const measure = async (chunk: number) => {
    setting.signal.throwIfAborted();
    const readbackMsPerItem =
      trials.findLast((trial) => trial.readbackMsPerItem !== null)?.readbackMsPerItem ?? undefined;
    const attempt = 1 + trials.filter((trial) => trial.chunk === chunk).length;
    const trial = { ...(await tryChunk(setting, chunk, trialMs, readbackMsPerItem)), attempt };
    trials.push(trial);
    tell(trial);
  };
  const measureAgain = async () => {
    for (const chunk of doubtful(trials)) if (!timeIsUp()) await measure(chunk);
  };
  for (const chunk of rungs(largest)) {
    if (timeIsUp()) return { trials, ended: 'The time for tuning was up.' };
    await measure(chunk);
    if (!ladderEnd(trials)) continue;
    await measureAgain();
    const ended = ladderEnd(trials);
    if (ended) return { trials, ended };
  }
  await measureAgain();
  return { trials, ended: ladderEnd(trials) ?? 'The largest chunk that fits was measured.' };
}

/** One attempt at a size. `collects`: results are read back and made, not only computed. */
export async function tryChunk(
  setting: Setting,
  chunk: number,
  limitMs: number,
  readbackMsPerItem: number | undefined,
  collects = true,
): Promise<Omit<LadderTrial, 'attempt'>> {
  const { workload, problem, device, signal, now } = setting;
  const { buffers, shape, sizes } = setting.openingFor(chunk);
  const startedAt = now();
  const trial = (rest: Partial<LadderTrial> & Pick<LadderTrial, 'verdict' | 'reason'>) => ({
    chunk,
    bytes: planBytes(buffers),
    itemsPerSecond: null,
    chunkMs: null,
    basis: null,
    steps: 0,
    spread: null,
    readbackMsPerItem: null,
    tookMs: now() - startedAt,
    ...rest,
  });
  try {
    const session = await workload.open(device.gpu, problem, buffers, shape, sizes);
    try {
      const items = setting.items.slice(0, chunk);
      const { holds, ...timed } = await timeChunk({
        ...{ session, items, signal, now, limitMs, readbackMsPerItem, collects },
      });
      return trial({ ...timed, verdict: 'measured', reason: holds, itemsPerSecond: (1000 * chunk) / timed.chunkMs });
    } finally {
      session.close();
    }
  } catch (thrown) {
    if (thrown instanceof TrialTimeError) {
      return trial({
        verdict: 'cut',
        reason: `no step was over within the ${Math.round(limitMs / 1000)} s of a trial`,
      });
    }
    return trial({ verdict: 'failed', reason: await sizeFailure(thrown, device) });
  }
}
