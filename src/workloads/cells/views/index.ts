/** Views of the cells. This file is in the page's first load; what it names is not. */
import type { ExperimentViews } from '../../../ui/experiment-views.ts';
import { later } from '../../../ui/shared/later.tsx';

export const cellsViews: ExperimentViews = {
  Live: later(() => import('./CellsLive.tsx')),
  awaited:
    'Finished cells appear here as chunks complete: whether genes go together in them as in real cells, measures beside their floor and baselines, each perturbation, and any cell in full.',
  Results: later(() => import('./CellsResults.tsx')),
  Learn: later(() => import('./CellsLearn.tsx')),
  files: { data: later(() => import('./CellsOfFile.tsx')) },
  fields: {
    perturbation: later(async () => ({ default: (await import('./LabelField.tsx')).PerturbationField })),
    cellType: later(async () => ({ default: (await import('./LabelField.tsx')).CellTypeField })),
  },
};
