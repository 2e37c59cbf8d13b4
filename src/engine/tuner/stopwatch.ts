/** A workload whose chunks are timed as the ladder times them, from upload to readback, whoever drives the sessions. */
import type { Session, Workload } from '../../workloads/workload.ts';

/** `took` hears the milliseconds of each chunk that was collected, in their order. The sessions are the workload's own otherwise. */
export function timed<W extends Workload>(workload: W, now: () => number, took: (ms: number) => void): W {
  const open: Workload['open'] = async (...given) => {
    const session = await workload.open(...given);
    let startedAt = 0;
    const watched: Session = {
      start: (items) => {
        startedAt = now();
        return session.start(items);
      },
      advance: (...budget) => session.advance(...budget),
      peek: (...what) => session.peek(...what),
      collect: async () => {
        const results = await session.collect();
        took(now() - startedAt);
        return results;
      },
      failures: () => session.failures?.() ?? [],
      close: () => session.close(),
    };
    return watched;
  };
  return { ...workload, open };
}
