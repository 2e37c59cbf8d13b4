/** A training of the story model on the page. */
import { create } from 'zustand';
import { wordsOf } from '../../../ui/shared/wordsOf.ts';
import { holdFile, setParam, setWorkload, theEngine } from '../../../ui/state/actions.ts';
import { loadFolder } from '../../../ui/state/folders.ts';
import { experimentTaking } from '../../../ui/state/known-experiments.ts';
import { NO_TRAINING, type TrainingState, trainingControls } from '../../../ui/training/controls.ts';
import { EngineError, jobOf } from '../../../worker/client.ts';
import { activationsExperiment } from '../experiment.ts';
import type { TrainingEvent, TrainingTypes, TrainReply } from '../jobs/training-types.ts';

type Of<T extends TrainingEvent['type']> = Extract<TrainingEvent, { type: T }>;

interface TrainingStore extends TrainingState<TrainReply> {
  readonly judgements: Of<'judged'>['judgements'];
  readonly baselines: Of<'baselines'> | undefined;
  /** Stories that it wrote, the latest last. */
  readonly samples: readonly Of<'samples'>[];
  readonly score: Of<'score'>['score'] | undefined;
}

const EMPTY: TrainingStore = {
  ...NO_TRAINING,
  judgements: [],
  baselines: undefined,
  samples: [],
  score: undefined,
};

export const useTraining = create<TrainingStore>()(() => EMPTY);

/** Baselines may be there before the first steps are. */
let counted: TrainingStore['baselines'];

export const controls = trainingControls<TrainingTypes, TrainingStore>({
  store: useTraining,
  job: () => jobOf(theEngine(), 'activations', 'training'),
  empty: () => ({ ...EMPTY, baselines: counted }),
  heard(event, begun) {
    switch (event.type) {
      case 'judged':
        useTraining.setState({ judgements: event.judgements });
        return;
      case 'samples':
        useTraining.setState(({ samples }) => ({ samples: [...samples, event] }));
        return;
      case 'baselines':
        counted = event;
        if (begun) useTraining.setState({ baselines: event });
        return;
      case 'score':
        useTraining.setState({ score: event.score });
    }
  },
  refusal: (error) => ({
    problem: error instanceof EngineError && error.field ? `${error.field}: ${wordsOf(error)}` : wordsOf(error),
    field: undefined,
  }),
  taken: (file) => holdFile(activationsExperiment.id, file),
});

/** Goes to the experiment that takes a model and a path, with what was trained and the checkpoints that it passed as its own files. */
export async function analysePath(): Promise<void> {
  try {
    const { name, model, path } = await jobOf<TrainingTypes>(theEngine(), 'activations', 'training').tell('path');
    const id = await experimentTaking('model', 'path');
    if (id === undefined) return;
    await setWorkload(id);
    await loadFolder('model', { name, parts: model });
    await loadFolder('path', { name: `${name}-checkpoints`, parts: path });
    setParam('metrics', 'trajectory,landscape,representations');
    setParam('plane', 'path');
  } catch (error) {
    controls.refuse(wordsOf(error));
  }
}

export async function train(wish: TrainingTypes['wish']): Promise<void> {
  counted = undefined;
  await controls.train(wish);
}
