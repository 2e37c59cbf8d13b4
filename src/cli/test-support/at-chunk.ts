/** An experiment on the CPU that tells when a chunk of it begins: so long as that is not answered, nothing of the chunk is done. */
import type { Workload } from '../../workloads/workload.ts';

/** @param chunk counted from 1 over the whole run */
export function atChunk(workload: Workload, chunk: number, act: () => void | Promise<void>): Workload {
  let begun = 0;
  return {
    ...workload,
    reference: async (...given) => {
      const session = await workload.reference(...given);
      const start = session.start.bind(session);
      session.start = async (items) => {
        if (++begun === chunk) await act();
        return start(items);
      };
      return session;
    },
  };
}
