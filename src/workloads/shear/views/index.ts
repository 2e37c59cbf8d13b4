/** Shear's views. This file is in the page's first load; what it names is not. */

import type { ExperimentViews } from '../../../ui/experiment-views.ts';
import { later } from '../../../ui/shared/later.tsx';

export const shearViews: ExperimentViews = {
  Watched: later(() => import('./StampPanel.tsx')),
  files: { images: later(() => import('./StampsOfFile.tsx')) },
  Learn: later(() => import('./ShearLearn.tsx')),
};
