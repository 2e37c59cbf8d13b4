/** Views of activations. This file is in the page's first load; what it names is not. */
import type { ExperimentViews } from '../../../ui/experiment-views.ts';

import { later } from '../../../ui/shared/later.tsx';

const TextsOfFile = later(() => import('../../language-models/views/TextsOfFile.tsx'));

export const activationsViews: ExperimentViews = {
  Live: later(() => import('./ActivationsLive.tsx')),
  awaited:
    'Here appear, as texts finish, their tokens; and once all have, a map of which layer and which method tells the two sides apart, on texts that it has not seen.',
  Results: later(() => import('./ActivationsResults.tsx')),
  Learn: later(() => import('./ActivationsLearn.tsx')),
  files: {
    model: later(() => import('../../language-models/views/ModelCard.tsx')),
    positive: TextsOfFile,
    negative: TextsOfFile,
    trait: TextsOfFile,
    prompts: TextsOfFile,
  },
};
