/** Texts followed token by token on the page. */
import { create } from 'zustand';
import { wordsOf } from '../../../ui/shared/wordsOf.ts';
import { theEngine } from '../../../ui/state/actions.ts';
import { jobOf } from '../../../worker/client.ts';
import type { TracedText, TraceReply, TraceTypes, TraceWish } from '../jobs/trace-types.ts';
import { beginning, type Going, isStop } from './going.ts';
import { endSteering } from './steer.ts';

interface TraceStore {
  readonly going: Going | undefined;
  readonly texts: readonly TracedText[];
  readonly reply: Pick<TraceReply, 'vector' | 'layer'> | undefined;
  readonly problem: string | undefined;
}

export const useTrace = create<TraceStore>()(() => ({
  going: undefined,
  texts: [],
  reply: undefined,
  problem: undefined,
}));

const job = () => jobOf<TraceTypes>(theEngine(), 'activations', 'trace');

let listening = false;

export async function trace(wish: TraceWish): Promise<void> {
  if (!listening)
    job().on(({ done, of }) =>
      useTrace.setState(({ going }) => ({
        going: going && { ...going, what: `${done} of ${of} texts read`, fraction: done / of },
      })),
    );
  listening = true;
  useTrace.setState({ going: beginning(), problem: undefined });
  try {
    await endSteering();
    const { texts, vector, layer } = await job().start(wish);
    useTrace.setState({ texts, reply: { vector, layer } });
  } catch (error) {
    if (!isStop(error)) useTrace.setState({ problem: wordsOf(error) });
  } finally {
    useTrace.setState({ going: undefined });
  }
}

export function stopTrace(): void {
  useTrace.setState(({ going }) => ({ going: going && { ...going, stopping: true } }));
  job().stop();
}
