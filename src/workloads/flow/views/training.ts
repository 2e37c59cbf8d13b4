/** A training of a velocity network on the page. */
import { create } from 'zustand';
import { wordsOf } from '../../../ui/shared/wordsOf.ts';
import { holdFile, loadFile, theEngine } from '../../../ui/state/actions.ts';
import { NO_TRAINING, type TrainingState, trainingControls } from '../../../ui/training/controls.ts';
import { EngineError, jobOf } from '../../../worker/client.ts';
import { flowExperiment } from '../experiment.ts';
import type { TrainingLook, TrainingScore, TrainingTypes, TrainReply } from '../jobs/training-types.ts';
import { deviceFree } from './actions.ts';

interface TrainingStore extends TrainingState<TrainReply> {
  readonly look: TrainingLook | undefined;
  readonly scores: readonly TrainingScore[];
}

const EMPTY: TrainingStore = { ...NO_TRAINING, look: undefined, scores: [] };

export const useTraining = create<TrainingStore>()(() => EMPTY);

export const controls = trainingControls<TrainingTypes, TrainingStore>({
  store: useTraining,
  job: () => jobOf(theEngine(), 'flow', 'training'),
  empty: () => EMPTY,
  heard(event) {
    switch (event.type) {
      case 'look':
        useTraining.setState({ look: event.look });
        return;
      case 'score':
        useTraining.setState(({ scores }) => ({ scores: [...scores, event.score] }));
        return;
      case 'ended':
        deviceFree();
    }
  },
  refusal: (error) => ({
    problem: wordsOf(error),
    field: error instanceof EngineError ? error.field : undefined,
  }),
  taken: (file) => holdFile(flowExperiment.id, file),
});

export async function loadNetwork(file: File): Promise<void> {
  await loadFile('network', file);
}
