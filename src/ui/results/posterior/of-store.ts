/** The page's results as posteriors: these views are shown for runs of that kind alone. */
import type { PosteriorItem } from '../../../results/posterior/item.ts';
import type { ItemSummary } from '../../../results/posterior/item-summary.ts';
import { type PosteriorOptions, posteriorOptions } from '../../../results/posterior/options.ts';
import { itemOf } from '../../state/actions.ts';
import { shownExperiment } from '../../state/shown.ts';
import type { Store } from '../../state/types.ts';

export function posteriorSummaries({ summaries }: Pick<Store, 'summaries'>): readonly ItemSummary[] {
  return summaries as readonly ItemSummary[];
}

export function selectedPosterior({ selectedItem }: Pick<Store, 'selectedItem'>): PosteriorItem | undefined {
  return selectedItem as PosteriorItem | undefined;
}

/** All draws of an item of the results on screen. */
export function posteriorOf(index: number): Promise<PosteriorItem> {
  return itemOf(index) as Promise<PosteriorItem>;
}

/** What the experiment of the run on screen says of its posteriors. */
export function shownPosterior(store: Store): PosteriorOptions {
  return posteriorOptions(shownExperiment(store).results);
}
