/** The experiments' own views, by id: the only way in which the page comes to them. */
import type { ExperimentViews } from '../ui/experiment-views.ts';
import { activationsViews } from './activations/views/index.ts';
import { analysisViews } from './analysis/views/index.ts';
import { cellsViews } from './cells/views/index.ts';
import { flowViews } from './flow/views/index.ts';
import { shearViews } from './shear/views/index.ts';

export const experimentViews: Readonly<Record<string, ExperimentViews | undefined>> = {
  shear: shearViews,
  flow: flowViews,
  cells: cellsViews,
  activations: activationsViews,
  analysis: analysisViews,
};
