/** Flow's views. This file is in the page's first load; what it names is not. */
import { lazy } from 'react';
import type { ExperimentViews } from '../../../ui/experiment-views.ts';

export const flowViews: ExperimentViews = {
  Live: lazy(() => import('./FlowLive.tsx')),
  Results: lazy(() => import('./FlowResults.tsx')),
  Learn: lazy(() => import('./FlowLearn.tsx')),
  fields: { steps: lazy(() => import('./EvaluationsField.tsx')) },
};
