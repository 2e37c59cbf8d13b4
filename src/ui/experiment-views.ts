/** What an experiment may bring to the page: views of its own, each loaded when it is first shown. Without one the page shows what holds for any experiment. */
import type { ComponentType, LazyExoticComponent } from 'react';

export interface ExperimentViews {
  /** At the head of the Live tab, in the place of the choice of what to watch. */
  readonly Live?: LazyExoticComponent<ComponentType>;
  /** Above the results. */
  readonly Results?: LazyExoticComponent<ComponentType>;
  /** In the place of how chains are run and judged. */
  readonly Learn?: LazyExoticComponent<ComponentType>;
  /** Fields that the table of parameters does not have, above the parameter named. */
  readonly fields?: Readonly<Record<string, LazyExoticComponent<ComponentType>>>;
}
