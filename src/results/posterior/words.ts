/** What is told of posteriors: how many converged, what is wrong with others, their table, and the lines of a terminal. */
import type { ResultWords } from '../kind.ts';
import { posteriorColumns } from './columns.ts';
import type { ItemSummary } from './item-summary.ts';
import { posteriorLines } from './lines.ts';
import { misfitClause, misfitLines } from './misfit.ts';
import type { PosteriorOptions } from './options.ts';

export function posteriorWords(options: PosteriorOptions): ResultWords<ItemSummary> {
  return {
    verdict: (summaries) => verdict(summaries, options),
    warnings: (summaries) => misfitLines(summaries, options.misfit),
    table: (summaries) => posteriorColumns(summaries, options.misfit),
    lines: (summaries) => posteriorLines(summaries, options),
  };
}

function verdict(summaries: readonly ItemSummary[], { misfit }: PosteriorOptions): string {
  const converged = summaries.filter((summary) => summary.converged).length;
  const clause = misfitClause(summaries, misfit);
  const but = clause === undefined ? '' : `; ${clause}`;
  return summaries[0]?.sampling === 'independent'
    ? `${converged} of ${summaries.length} have at least 400 independent draws, all finite, of an observation that the model can make${but}.`
    : `${converged} of ${summaries.length} converged (R-hat < 1.01, bulk and tail ESS at least 400, E-BFMI at least 0.3, no divergence)${but}.`;
}
