/** Texts followed token by token on the page. */
import { create } from 'zustand';
import { wordsOf } from '../../../ui/shared/wordsOf.ts';
import { download, theEngine } from '../../../ui/state/actions.ts';
import { jobOf } from '../../../worker/client.ts';
import type { TracedText, TraceReply, TraceTypes, TraceWish } from '../jobs/trace-types.ts';
import type { VectorChoice } from '../jobs/vector-types.ts';
import { beginning, type Going, isStop } from './going.ts';
import { endSteering } from './steer.ts';

interface TraceStore {
  readonly going: Going | undefined;
  readonly texts: readonly TracedText[];
  readonly reply: (Pick<TraceReply, 'vector' | 'layer' | 'model'> & { readonly choice: VectorChoice }) | undefined;
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
    const { texts, ...reply } = await job().start(wish);
    useTrace.setState({ texts, reply: { ...reply, choice: wish.vector } });
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

/** The texts on screen in the origin's form, a file each, in an archive. */
export async function saveProjections(): Promise<void> {
  const { texts, reply } = useTrace.getState();
  if (!reply) return;
  const { projectionArchive } = await import('./projection-archive.ts');
  download(new Blob([await projectionArchive(texts, reply)], { type: 'application/zip' }), 'projections.zip');
}
