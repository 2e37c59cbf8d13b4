/** Shear's views. This file is in the page's first load; what it names is not. */
import { lazy } from 'react';
import type { ExperimentViews } from '../../../ui/experiment-views.ts';

export const shearViews: ExperimentViews = {
  Watched: lazy(() => import('./StampPanel.tsx')),
  Learn: lazy(() => import('./ShearLearn.tsx')),
};
