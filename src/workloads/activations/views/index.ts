/** Views of activations. This file is in the page's first load; what it names is not. */
import type { ExperimentViews } from '../../../ui/experiment-views.ts';

export const activationsViews: ExperimentViews = {};
