/** Views that an experiment has of its own, each loaded when it is first shown. Without an entry the page shows what it shows of any. */
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';

interface ExperimentViews {
  /** In the place of stamps and trajectory in the Live tab. */
  readonly Live: LazyExoticComponent<ComponentType>;
  /** Above the results of all experiments. */
  readonly Results: LazyExoticComponent<ComponentType>;
  /** In the place of how chains are run and judged. */
  readonly Learn: LazyExoticComponent<ComponentType>;
  /** Fields that the table of parameters does not have, above the parameter named. */
  readonly fields: Readonly<Record<string, LazyExoticComponent<ComponentType>>>;
}

export const experimentViews: Readonly<Record<string, ExperimentViews | undefined>> = {
  flow: {
    Live: lazy(() => import('./flow/FlowLive.tsx')),
    Results: lazy(() => import('./flow/FlowResults.tsx')),
    Learn: lazy(() => import('./flow/FlowLearn.tsx')),
    fields: { steps: lazy(() => import('./flow/EvaluationsField.tsx')) },
  },
};
