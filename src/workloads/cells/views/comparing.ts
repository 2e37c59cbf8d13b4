/** The comparison of precisions on the page: what goes on, and what came of it. */
import { create } from 'zustand';
import type { RunConfig } from '../../../engine/config/run-config.ts';
import { wordsOf } from '../../../ui/shared/wordsOf.ts';
import { theEngine } from '../../../ui/state/actions.ts';
import { useStore } from '../../../ui/state/store.ts';
import { jobOf } from '../../../worker/client.ts';
import type { PrecisionTable } from '../evaluation/types.ts';
import type { PrecisionTypes } from '../jobs/precision-types.ts';
import { isStop } from './actions.ts';
import { dataKey } from './keys.ts';

/** A table that takes the device for a while. */
export interface Going {
  readonly what: string;
  /** 0 … 1 of the whole table. */
  readonly fraction: number;
  readonly stopping: boolean;
}

interface PrecisionsStore {
  readonly going: Going | undefined;
  readonly table: PrecisionTable | undefined;
  /** What the table is of: `precisionsKey`. */
  readonly key: string;
  readonly problem: string | undefined;
}

export const usePrecisions = create<PrecisionsStore>()(() => ({
  going: undefined,
  table: undefined,
  key: '',
  problem: undefined,
}));

export const BEGINNING: Going = { what: 'testing the device', fraction: 0, stopping: false };

/** What a table tells of itself while it is made. */
interface Told {
  readonly what: string;
  readonly done: number;
  readonly of: number;
  readonly share: number;
}

export function withProgress(going: Going | undefined, { what, done, of, share }: Told): Going | undefined {
  return going && { ...going, what, fraction: (done + share) / of };
}

/** All that a comparison hangs on but the precision. */
export function precisionsKey(config: RunConfig): string {
  const { task, rule, steps, schedule, temperature, guidance } = config.params;
  return JSON.stringify([
    dataKey(config, useStore.getState().files),
    [task, rule, steps, schedule, temperature, guidance, config.seed],
  ]);
}

const job = () => jobOf<PrecisionTypes>(theEngine(), 'cells', 'precision');

let listening = false;

export async function comparePrecisions(config: RunConfig): Promise<void> {
  if (!listening)
    job().on((event) =>
      usePrecisions.setState(({ going }) =>
        event.type === 'row' ? { table: event.table } : { going: withProgress(going, event) },
      ),
    );
  listening = true;
  usePrecisions.setState({ going: BEGINNING, problem: undefined, key: precisionsKey(config) });
  try {
    usePrecisions.setState({ table: await job().start({ config }) });
  } catch (error) {
    if (!isStop(error)) usePrecisions.setState({ problem: wordsOf(error) });
  } finally {
    usePrecisions.setState({ going: undefined });
  }
}

export function stopPrecisions(): void {
  usePrecisions.setState(({ going }) => ({ going: going && { ...going, stopping: true } }));
  job().stop();
}
