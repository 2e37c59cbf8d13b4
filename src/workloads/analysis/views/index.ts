/** Views of analysis. This file is in the page's first load; what it names is not. */
import type { ExperimentViews } from '../../../ui/experiment-views.ts';
import { later } from '../../../ui/shared/later.tsx';

const TextsOfFile = later(() => import('../../language-models/views/TextsOfFile.tsx'));

export const analysisViews: ExperimentViews = {
  Live: later(() => import('./AnalysisLive.tsx')),
  awaited:
    'Each metric appears here as it finishes, with its error, what it is held against, its definition and a picture: first what can be read off of a single text.',
  Results: later(() => import('./AnalysisResults.tsx')),
  Learn: later(() => import('./AnalysisLearn.tsx')),
  files: {
    model: later(() => import('../../language-models/views/ModelCard.tsx')),
    texts: TextsOfFile,
  },
};
