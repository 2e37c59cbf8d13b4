/** Work of a job that takes a while: how far it is, and a store for a job that makes a table row by row. */
import { create } from 'zustand';
import { wordsOf } from '../../../ui/shared/wordsOf.ts';
import { theEngine } from '../../../ui/state/actions.ts';
import { EngineError, jobOf } from '../../../worker/client.ts';
import type { TableProgress } from '../jobs/table-types.ts';

export interface Going {
  readonly what: string;
  /** 0 … 1 */
  readonly fraction: number;
  /** Of `performance.now`. */
  readonly since: number;
  readonly stopping: boolean;
}

export const beginning = (): Going => ({
  what: 'Opening the model',
  fraction: 0,
  since: performance.now(),
  stopping: false,
});

/** What was asked for is no problem. */
export function isStop(error: unknown): boolean {
  return error instanceof EngineError && error.report.name === 'JobStoppedError';
}

export interface TableState<R> {
  readonly going: Going | undefined;
  /** As far as it has come. */
  readonly table: R | undefined;
  /** What the table is of, in words that change with it. */
  readonly key: string;
  readonly problem: string | undefined;
}

interface TableTypes<W, R> {
  readonly wish: W;
  readonly reply: R;
  readonly event: TableProgress | { readonly type: 'row'; readonly table: R };
  readonly messages: Record<never, never>;
}

/** A job of activations that makes a table, and what the page knows of it. */
export function tableJob<W, R>(name: string) {
  const use = create<TableState<R>>()(() => ({ going: undefined, table: undefined, key: '', problem: undefined }));
  const job = () => jobOf<TableTypes<W, R>>(theEngine(), 'activations', name);
  let listening = false;
  const listen = () => {
    if (listening) return;
    listening = true;
    job().on((event) =>
      use.setState(({ going }) =>
        event.type === 'row'
          ? { table: event.table }
          : { going: going && { ...going, what: event.what, fraction: (event.done + event.share) / event.of } },
      ),
    );
  };
  return {
    use,
    async start(wish: W, key: string): Promise<void> {
      listen();
      use.setState({ going: beginning(), problem: undefined, key });
      try {
        use.setState({ table: await job().start(wish) });
      } catch (error) {
        if (!isStop(error)) use.setState({ problem: wordsOf(error) });
      } finally {
        use.setState({ going: undefined });
      }
    },
    stop(): void {
      use.setState(({ going }) => ({ going: going && { ...going, stopping: true } }));
      job().stop();
    },
  };
}
