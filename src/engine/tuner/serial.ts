/** One item at a time, each with a session of its own: what people do who do not batch. */

import { planBytes } from '../../gpu/plan.ts';
import type { Session } from '../../workloads/workload.ts';
import { median } from './median.ts';
import type { Setting } from './setting.ts';
import type { SerialTrial } from './types.ts';
import { TrialTimeError, Walk } from './walk.ts';

const ITEMS = 3;

/**
 * Opens, runs, reads back and closes three times, as far as the time goes. Undefined when not even one was over in time. Kernels are compiled and have run
 * once before: a program that works serially compiles once, too.
 */
export async function measureSerial(setting: Setting, limitMs: number): Promise<SerialTrial | undefined> {
  const { workload, problem, items, now, signal } = setting;
  const { buffers, shape, sizes } = setting.runWith(1);
  const startedAt = now();
  const open = () => workload.open(setting.device.gpu, problem, buffers, shape, sizes);
  const first = await firstTransition(await open(), setting);
  const firstUseMs = Math.max(0, first - (await firstTransition(await open(), setting)));
  const endsAt = now() + limitMs;
  const times: number[] = [];
  for (let i = 0; i < ITEMS; i++) {
    const from = now();
    const session = await open();
    try {
      const walk = new Walk(session, signal, () => now() >= endsAt);
      await walk.start([items[i % items.length]]);
      while (!walk.done) await walk.piece();
      await session.collect();
    } catch (thrown) {
      if (thrown instanceof TrialTimeError) break;
      throw thrown;
    } finally {
      session.close();
    }
    times.push(now() - from);
  }
  if (times.length === 0) return undefined;
  return {
    items: times.length,
    bytes: planBytes(buffers),
    msPerItem: median(times),
    spread: Math.max(...times) / Math.min(...times),
    firstUseMs,
    tookMs: now() - startedAt,
  };
}

/** Milliseconds of the fit and the first transition, however long they take: some drivers compile when a kernel is first dispatched. */
async function firstTransition(session: Session, { items, signal, now }: Setting): Promise<number> {
  const startedAt = now();
  try {
    const walk = new Walk(session, signal, () => false);
    await walk.start([items[0]]);
    await walk.to(1);
    return now() - startedAt;
  } finally {
    session.close();
  }
}
