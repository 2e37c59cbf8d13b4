/** A training of a score network on the page. */
import { create } from 'zustand';
import { wordsOf } from '../../../ui/shared/wordsOf.ts';
import { holdFile, setParam, theEngine } from '../../../ui/state/actions.ts';
import { NO_TRAINING, type TrainingState, trainingControls } from '../../../ui/training/controls.ts';
import { EngineError, jobOf } from '../../../worker/client.ts';
import { cellsExperiment } from '../experiment.ts';
import type { TrainingEvent, TrainingTypes, TrainingWish, TrainReply } from '../jobs/training-types.ts';

type Of<T extends TrainingEvent['type']> = Extract<TrainingEvent, { type: T }>;

interface TrainingStore extends TrainingState<TrainReply> {
  readonly judgements: Of<'judged'>['judgements'];
  /** Scored on the cells that judge. */
  readonly baselines: Of<'baselines'>['scores'];
  /** Of cells that were held out to the end, beside baselines of theirs. */
  readonly score: Of<'score'> | undefined;
  /** The cells that judge ended it before its last step. */
  readonly early: boolean;
}

const EMPTY: TrainingStore = { ...NO_TRAINING, judgements: [], baselines: [], score: undefined, early: false };

export const useTraining = create<TrainingStore>()(() => EMPTY);

/** Baselines may be there before the first steps are. */
let fitted: TrainingStore['baselines'] | undefined;

export const controls = trainingControls<TrainingTypes, TrainingStore>({
  store: useTraining,
  job: () => jobOf(theEngine(), 'cells', 'training'),
  empty: () => ({ ...EMPTY, baselines: fitted ?? [] }),
  heard(event, begun) {
    switch (event.type) {
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
      case 'ended':
        useTraining.setState({ early: event.early });
    }
  },
  refusal: (error) => ({
    problem: error instanceof EngineError && error.field ? `${error.field}: ${wordsOf(error)}` : wordsOf(error),
    field: undefined,
  }),
  taken(file) {
    holdFile(cellsExperiment.id, file);
    setParam('model', 'network');
  },
});

export async function train(wish: TrainingWish): Promise<void> {
  fitted = undefined;
  await controls.train(wish);
}
