/** Flow's views. This file is in the page's first load; what it names is not. */

import type { ExperimentViews } from '../../../ui/experiment-views.ts';
import { later } from '../../../ui/shared/later.tsx';

export const flowViews: ExperimentViews = {
  Live: later(() => import('./FlowLive.tsx')),
  awaited:
    'Finished posteriors appear here as chunks complete: how good they are against exact ones, truth against estimate with error bars, a table of all observations, and for any of them its marginals and joint posterior over the exact one.',
  Results: later(() => import('./FlowResults.tsx')),
  files: { images: later(() => import('./ObservationsOfFile.tsx')) },
  Learn: later(() => import('./FlowLearn.tsx')),
  fields: { steps: later(() => import('./EvaluationsField.tsx')) },
};
