/** Views by kind of result (`Experiment.results`); results of a kind without an entry are shown plainly (`plain/`). */
import type { KindViews } from './kind-views.ts';
import { posteriorViews } from './posterior/index.ts';

export const kindViews: Readonly<Record<string, KindViews | undefined>> = {
  posterior: posteriorViews,
};
