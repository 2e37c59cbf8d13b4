/** A training on the page: what goes on, and what a person can do about it. */
import { create } from 'zustand';
import type { ErrorReport } from '../../../engine/run/progress.ts';
import type { TrainingReport } from '../../../nn/training/loop.ts';
import { download, holdFile, setParam, theEngine } from '../../../ui/state/actions.ts';
import { ENGINE_GONE, EngineError, jobOf } from '../../../worker/client.ts';
import { cellsExperiment } from '../experiment.ts';
import type { TrainingEvent, TrainingTypes, TrainingWish, TrainReply } from '../jobs/training-types.ts';
import { wordsOf } from './actions.ts';

type Of<T extends TrainingEvent['type']> = Extract<TrainingEvent, { type: T }>;

interface TrainingStore {
  readonly starting: boolean;
  readonly reply: TrainReply | undefined;
  readonly report: TrainingReport | undefined;
  readonly judgements: Of<'judged'>['judgements'];
  /** Scored on the cells that judge. */
  readonly baselines: Of<'baselines'>['scores'];
  /** Of cells that were held out to the end, beside baselines of theirs. */
  readonly score: Of<'score'> | undefined;
  /** The cells that judge ended it before its last step. */
  readonly early: boolean;
  readonly error: ErrorReport | undefined;
  /** Why it could not be started, used or saved, in words. */
  readonly problem: string | undefined;
}

const EMPTY: TrainingStore = {
  starting: false,
  reply: undefined,
  report: undefined,
  judgements: [],
  baselines: [],
  score: undefined,
  early: false,
  error: undefined,
  problem: undefined,
};

export const useTraining = create<TrainingStore>()(() => EMPTY);

/** True while a training holds the device, paused or not. */
export function isTraining({ starting, report }: Pick<TrainingStore, 'starting' | 'report'>): boolean {
  return starting || report?.state === 'training' || report?.state === 'paused';
}

const training = () => jobOf<TrainingTypes>(theEngine(), 'cells', 'training');

let listening = false;
/** Until the first steps of a training are done, the page shows the one before. */
let begun = true;
/** Baselines may be there before the first steps are. */
let fitted: TrainingStore['baselines'] | undefined;

function listen(): void {
  if (listening) return;
  listening = true;
  theEngine().on('error', ({ error }) => {
    const { report } = useTraining.getState();
    if (error.name === ENGINE_GONE && report && isTraining({ starting: false, report }))
      useTraining.setState({ report: { ...report, state: 'stopped' }, error });
  });
  training().on((event) => {
    switch (event.type) {
      case 'progress':
        useTraining.setState(
          begun
            ? { report: event.report }
            : { ...EMPTY, starting: true, report: event.report, baselines: fitted ?? [] },
        );
        begun = true;
        return;
      case 'judged':
        useTraining.setState({ judgements: event.judgements });
        return;
      case 'baselines':
        fitted = event.scores;
        if (begun) useTraining.setState({ baselines: fitted });
        return;
      case 'score':
        useTraining.setState({ score: event });
        return;
      case 'ended': {
        const { report, early, error } = event;
        // What failed has not been stopped by anybody: its last report would still say that it goes on.
        useTraining.setState({ report: error ? { ...report, state: 'stopped' } : report, early, error });
      }
    }
  });
}

/** From nothing. One that cannot begin leaves the network before it as it was. */
export async function train(wish: TrainingWish): Promise<void> {
  listen();
  begun = false;
  fitted = undefined;
  useTraining.setState({ starting: true, error: undefined, problem: undefined });
  try {
    const reply = await training().start(wish);
    useTraining.setState({ reply });
  } catch (error) {
    refuse(error instanceof EngineError && error.field ? `${error.field}: ${wordsOf(error)}` : wordsOf(error));
  } finally {
    begun = true;
    useTraining.setState({ starting: false });
  }
}

export function refuse(problem: string): void {
  useTraining.setState({ problem });
}

export function pauseTraining(paused: boolean): void {
  void training().tell('pause', paused);
}

export function stopTraining(): void {
  training().stop();
}

/** Runs take it from now on, until its file is removed. */
export async function takeTrained(): Promise<void> {
  await told(async () => {
    holdFile(cellsExperiment.id, await training().tell('use'));
    setParam('model', 'network');
  });
}

export async function saveTrained(): Promise<void> {
  await told(async () => {
    const { name, bytes } = await training().tell('save');
    download(new Blob([bytes], { type: 'application/octet-stream' }), name);
  });
}

async function told(work: () => Promise<void>): Promise<void> {
  useTraining.setState({ problem: undefined });
  try {
    await work();
  } catch (error) {
    useTraining.setState({ problem: wordsOf(error) });
  }
}
