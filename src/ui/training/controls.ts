/** A training on the page: what goes on, and what a person can do about it. What is trained is the experiment's. */
import type { StoreApi } from 'zustand';
import type { ErrorReport } from '../../engine/run/progress.ts';
import type { TrainingReport } from '../../nn/training/loop.ts';
import { ENGINE_GONE, type JobClient } from '../../worker/client.ts';
import type { FileReply } from '../../worker/file-reply.ts';
import type { TrainingEnded, TrainingJobTypes, TrainingProgress } from '../../worker/training/types.ts';
import { wordsOf } from '../shared/wordsOf.ts';
import { download, theEngine } from '../state/actions.ts';

export interface TrainingState<R = unknown> {
  readonly starting: boolean;
  /** What the engine made of the wish. */
  readonly reply: R | undefined;
  readonly report: TrainingReport | undefined;
  readonly error: ErrorReport | undefined;
  /** Why it could not be started, used or saved, in words. */
  readonly problem: string | undefined;
  /** What of the form was refused, as the engine calls it. */
  readonly field: string | undefined;
}

export const NO_TRAINING = {
  starting: false,
  reply: undefined,
  report: undefined,
  error: undefined,
  problem: undefined,
  field: undefined,
} as const;

/** True while a training holds the device, paused or not. */
export function isTraining({ starting, report }: Pick<TrainingState, 'starting' | 'report'>): boolean {
  return starting || report?.state === 'training' || report?.state === 'paused';
}

type Heard = TrainingProgress | TrainingEnded;

export interface TrainingOf<T extends TrainingJobTypes, S extends TrainingState<T['reply']>> {
  readonly store: Pick<StoreApi<S>, 'getState' | 'setState'>;
  job(): JobClient<T>;
  /** The state in which a training begins: what there was of the one before is gone. */
  empty(): S;
  /** What the page hears beside progress, the end too. `begun` is false as long as the store shows the training before. */
  heard(event: Exclude<T['event'], TrainingProgress>, begun: boolean): void;
  /** Why one was not begun, and which field is at fault. */
  refusal(error: unknown): Pick<TrainingState, 'problem' | 'field'>;
  /** Runs take the network from now on, until its file is removed. */
  taken(file: FileReply): void;
}

export interface TrainingControls<T extends TrainingJobTypes> {
  /** From nothing. One that cannot begin leaves the network before it as it was. */
  train(wish: T['wish']): Promise<void>;
  /** Says why a training was not begun, and which field is at fault. */
  refuse(problem: string, field?: string): void;
  pause(paused: boolean): void;
  stop(): void;
  /** Runs take it from now on. */
  take(): Promise<void>;
  save(): Promise<void>;
}

export function trainingControls<T extends TrainingJobTypes, S extends TrainingState<T['reply']>>(
  of: TrainingOf<T, S>,
): TrainingControls<T> {
  const job = () => of.job();
  const store: Pick<StoreApi<TrainingState<T['reply']>>, 'getState' | 'setState'> = of.store;
  /** Whatever it trains, it can be told the same. */
  const told: () => Pick<JobClient<TrainingJobTypes>, 'tell' | 'stop'> = job;
  let listening = false;
  /** Until the first steps of a training are done, the page shows the one before. */
  let begun = true;

  function listen(): void {
    if (listening) return;
    listening = true;
    theEngine().on('error', ({ error }) => {
      const { report } = store.getState();
      if (error.name === ENGINE_GONE && report && isTraining({ starting: false, report }))
        store.setState({ report: { ...report, state: 'stopped' }, error });
    });
    job().on((event: T['event']) => {
      const heard = event as Heard;
      if (heard.type === 'progress') {
        const { report } = heard;
        store.setState(begun ? { report } : { ...of.empty(), starting: true, report });
        begun = true;
        return;
      }
      if (heard.type === 'ended') {
        const { report, error } = heard;
        // What failed has not been stopped by anybody: its last report would still say that it goes on.
        store.setState({ report: error ? { ...report, state: 'stopped' } : report, error });
      }
      of.heard(event as Exclude<T['event'], TrainingProgress>, begun);
    });
  }

  async function tried(work: () => Promise<void>): Promise<void> {
    store.setState({ problem: undefined, field: undefined });
    try {
      await work();
    } catch (error) {
      store.setState({ problem: wordsOf(error) });
    }
  }

  return {
    async train(wish) {
      listen();
      begun = false;
      store.setState({ starting: true, error: undefined, problem: undefined, field: undefined });
      try {
        const reply = await job().start(wish);
        store.setState({ reply });
      } catch (error) {
        store.setState(of.refusal(error));
      } finally {
        begun = true;
        store.setState({ starting: false });
      }
    },
    refuse: (problem, field) => store.setState({ problem, field }),
    pause: (paused) => void told().tell('pause', paused),
    stop: () => told().stop(),
    take: () => tried(async () => of.taken(await told().tell('use'))),
    save: () =>
      tried(async () => {
        const { name, bytes } = await told().tell('save');
        download(new Blob([bytes], { type: 'application/octet-stream' }), name);
      }),
  };
}
