/** Flow's views. This file is in the page's first load; what it names is not. */
import { lazy } from 'react';
import type { ExperimentViews } from '../../../ui/experiment-views.ts';

export const flowViews: ExperimentViews = {
  Live: lazy(() => import('./FlowLive.tsx')),
  awaited:
    'Finished posteriors appear here as chunks complete: how good they are against exact ones, truth against estimate with error bars, a table of all observations, and for any of them its marginals and joint posterior over the exact one.',
  Results: lazy(() => import('./FlowResults.tsx')),
  Learn: lazy(() => import('./FlowLearn.tsx')),
  fields: { steps: lazy(() => import('./EvaluationsField.tsx')) },
};
