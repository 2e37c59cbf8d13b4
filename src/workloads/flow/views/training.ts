/** A training on the page: what goes on, and what a person can do about it. */
import { create } from 'zustand';
import type { ErrorReport } from '../../../engine/run/progress.ts';
import { download, holdFile, loadFile, theEngine } from '../../../ui/state/actions.ts';
import { EngineError, jobOf } from '../../../worker/client.ts';
import { flowExperiment } from '../experiment.ts';
import type { TrainingLook, TrainingScore, TrainingTypes, TrainingWish, TrainReply } from '../jobs/training-types.ts';
import type { TrainingReport } from '../training/run.ts';
import { deviceFree, wordsOf } from './actions.ts';

interface TrainingStore {
  readonly starting: boolean;
  /** Task that is trained, with what the engine made of the wish. */
  readonly reply: TrainReply | undefined;
  readonly report: TrainingReport | undefined;
  readonly look: TrainingLook | undefined;
  readonly scores: readonly TrainingScore[];
  readonly error: ErrorReport | undefined;
  /** Why it could not be started, used or saved, in words. */
  readonly problem: string | undefined;
  /** What of the form was refused, by the name of its flag. */
  readonly field: string | undefined;
}

const EMPTY: TrainingStore = {
  starting: false,
  reply: undefined,
  report: undefined,
  look: undefined,
  scores: [],
  error: undefined,
  problem: undefined,
  field: undefined,
};

export const useTraining = create<TrainingStore>()(() => EMPTY);

/** True while a training holds the device, paused or not. */
export function isTraining({ starting, report }: Pick<TrainingStore, 'starting' | 'report'>): boolean {
  return starting || report?.state === 'training' || report?.state === 'paused';
}

const training = () => jobOf<TrainingTypes>(theEngine(), 'flow', 'training');

let listening = false;
/** Until the first steps of a training are done, the page shows the one before. */
let begun = true;

function listen(): void {
  if (listening) return;
  listening = true;
  training().on((event) => {
    switch (event.type) {
      case 'progress':
        useTraining.setState(begun ? { report: event.report } : { ...EMPTY, starting: true, report: event.report });
        begun = true;
        return;
      case 'look':
        useTraining.setState({ look: event.look });
        return;
      case 'score':
        useTraining.setState(({ scores }) => ({ scores: [...scores, event.score] }));
        return;
      case 'ended': {
        const { report, error } = event;
        // What failed has not been stopped by anybody: its last report would still say that it goes on.
        useTraining.setState({ report: error ? { ...report, state: 'stopped' } : report, error });
        deviceFree();
      }
    }
  });
}

/** From nothing. One that cannot begin leaves the network before it as it was. */
export async function train(wish: TrainingWish): Promise<void> {
  listen();
  begun = false;
  useTraining.setState({ starting: true, error: undefined, problem: undefined, field: undefined });
  try {
    const reply = await training().start(wish);
    useTraining.setState({ reply });
  } catch (error) {
    refuse(wordsOf(error), error instanceof EngineError ? error.field : undefined);
  } finally {
    begun = true;
    useTraining.setState({ starting: false });
  }
}

/** Says why a training was not begun, and which field is at fault. */
export function refuse(problem: string, field: string | undefined): void {
  useTraining.setState({ problem, field });
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
    holdFile(flowExperiment.id, await training().tell('use'));
  });
}

export async function saveTrained(): Promise<void> {
  await told(async () => {
    const { name, bytes } = await training().tell('save');
    download(new Blob([bytes], { type: 'application/octet-stream' }), name);
  });
}

export async function loadNetwork(file: File): Promise<void> {
  await loadFile('network', file);
}

async function told(work: () => Promise<void>): Promise<void> {
  useTraining.setState({ problem: undefined, field: undefined });
  try {
    await work();
  } catch (error) {
    useTraining.setState({ problem: wordsOf(error) });
  }
}
