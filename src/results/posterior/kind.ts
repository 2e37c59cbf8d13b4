/** Posteriors: draws of Markov chains, or independent ones. */
import type { ItemArray } from '../arrays.ts';
import type { ResultKind, StoredResult } from '../kind.ts';
import type { PosteriorForms } from './forms.ts';
import type { DrawColumn, PosteriorItem } from './item.ts';
import type { ItemSummary } from './item-summary.ts';
import type { PosteriorOptions } from './options.ts';
import { summarizeItem } from './summary.ts';

/** What of an item is no array. */
type About = Pick<PosteriorItem, 'fit' | 'gradients' | 'sampling' | 'predictive'>;

const GROUPS = { parameters: 'posterior', stats: 'sample_stats' } as const;

/** @param forms files that are not written plainly; they bring writers, so they are loaded when files are asked for */
export function posteriorResults(
  options: PosteriorOptions = {},
  forms?: () => Promise<PosteriorForms>,
): ResultKind<PosteriorItem, ItemSummary> {
  return {
    ...options,
    kind: 'posterior',
    summarize: (item, attempts) => summarizeItem(item, attempts, options),
    worth: effectiveDraws,
    worthUnit: 'ESS',
    stored,
    restored,
    words: async () => (await import('./words.ts')).posteriorWords(options),
    files: async () => (await import('./files.ts')).posteriorFiles(options, await forms?.()),
  };
}

/** The item's effective sample size: that of its worst parameter. NaN (constant draws) counts as none. */
function effectiveDraws(summary: ItemSummary): number {
  const smallest = Math.min(...summary.parameters.map((parameter) => parameter.essBulk));
  return Number.isFinite(smallest) ? smallest : 0;
}

function stored(item: PosteriorItem): StoredResult {
  const { info, chains, draws, parameters, stats, fit, gradients, sampling, predictive } = item;
  const array = (group: string, { name, values }: DrawColumn): ItemArray => ({
    group,
    name,
    dims: ['chain', 'draw'],
    shape: [chains, draws],
    values,
  });
  const about: About = { fit, gradients, ...(sampling && { sampling }), ...(predictive && { predictive }) };
  const arrays = [
    ...parameters.map((column) => array(GROUPS.parameters, column)),
    ...stats.map((column) => array(GROUPS.stats, column)),
  ];
  return { info, about, arrays };
}

function restored({ info, about, arrays }: StoredResult): PosteriorItem {
  const { fit, gradients, sampling, predictive } = about as About;
  const of = (wanted: string) =>
    arrays.filter(({ group }) => group === wanted).map(({ name, values }): DrawColumn => ({ name, values }));
  const [chains, draws] = arrays[0].shape;
  return {
    info,
    chains,
    draws,
    parameters: of(GROUPS.parameters),
    stats: of(GROUPS.stats),
    ...(sampling && { sampling }),
    ...(predictive && { predictive }),
    fit,
    gradients,
  };
}
