import { useMemo } from 'react';
import { type ItemSummary, passesLooser } from '../../../results/posterior/item-summary.ts';
import { misfitClause } from '../../../results/posterior/misfit.ts';
import { fixed, grouped } from '../../format.ts';
import { CheckIcon, WarnIcon } from '../../shared/icons.tsx';
import { Panel } from '../../shared/Panel.tsx';
import text from '../../shared/text.module.css';
import { select } from '../../state/actions.ts';
import { useStore } from '../../state/store.ts';
import classes from '../ResultsTab.module.css';
import { shownPosterior } from './of-store.ts';

/** Problems listed here at most; the grid and the table show all of them. */
const LISTED = 30;

/** Which posteriors can be trusted, and which cannot and why. None is dropped in silence. */
export function ConvergencePanel({ summaries }: { readonly summaries: readonly ItemSummary[] }) {
  const failed = useStore((store) => store.failed);
  const bad = summaries.filter((summary) => !summary.converged);
  const { looser, misfit } = useStore(shownPosterior);
  const doubt = useMemo(() => misfitClause(summaries, misfit), [summaries, misfit]);
  const less = summaries.filter(passesLooser).length;
  const independent = summaries[0]?.sampling === 'independent';
  const rescued = summaries.filter((summary) => summary.converged && summary.attempts > 1).length;
  const unlisted = Math.max(0, bad.length - LISTED) + Math.max(0, failed.length - LISTED);
  const good = bad.length === 0 && failed.length === 0;
  const believed = good && doubt === undefined;
  return (
    <Panel
      title={independent ? 'Samples' : 'Convergence'}
      about={
        independent
          ? 'Samples are independent: each is worth as much as any other, and there are no chains to compare. A posterior is complete with 400 samples or more, all of them finite, of an observation that the model can make (prior p and posterior p of the table). That says nothing about whether they come from the right distribution: a sampler that is wrong gives complete samples of the wrong one.'
          : `A posterior passes with R̂ below 1.01, bulk and tail effective sample size of 400 or more, E-BFMI of at least 0.3 and no divergent transition, for every parameter.${looser ? ` ${looser.name} asks for less: R̂ ≤ ${looser.rhatMax}, ESS ≥ ${looser.essMin} and at most ${100 * looser.divergenceFractionMax} % divergent transitions.` : ''}`
      }
    >
      <p className={classes.verdict} data-good={believed || undefined} data-bad={!believed || undefined}>
        {believed ? <CheckIcon /> : <WarnIcon />}
        <span>
          {summaries.length - bad.length} of {summaries.length} {independent ? 'complete' : 'converged'}
          {doubt && `; ${doubt}`}
        </span>
      </p>
      {doubt && (
        <p className={classes.soft}>
          Chains can converge to the posterior of a wrong model: what is wrong stands in the warning above.
        </p>
      )}
      {(independent || looser) && (
        <p className={classes.soft}>
          {independent
            ? 'Complete are 400 or more independent samples, all finite, of an observation that the model can make. Whether they are samples of the posterior, Quality measures.'
            : `${less} of ${summaries.length} pass ${looser?.name}’s looser thresholds.`}
        </p>
      )}
      {rescued > 0 && (
        <p className={classes.soft}>
          {grouped(rescued)} of them only when sampled again, with more draws and shorter steps (rescue).
        </p>
      )}
      {!good && (
        <ul className={classes.problems}>
          {bad.slice(0, LISTED).map((summary) => (
            <li key={summary.info.index}>
              <button type="button" className={text.link} onClick={() => void select(summary.info.index)}>
                {summary.info.runId}
              </button>
              <span> {worst(summary)}</span>
              {(!independent || summary.problems.length > 1) && (
                <details>
                  <summary>
                    {summary.problems.length} {summary.problems.length === 1 ? 'reason' : 'reasons'}
                  </summary>
                  {summary.problems.join('; ')}.
                </details>
              )}
            </li>
          ))}
          {failed.slice(0, LISTED).map((item) => (
            <li key={item.info.index}>
              <strong>{item.info.runId}</strong> has no result: {item.reason}
            </li>
          ))}
          {unlisted > 0 && <li>and {grouped(unlisted)} more: all of them are in the grid and the table below.</li>}
        </ul>
      )}
    </Panel>
  );
}

/** The two numbers that say most, of the parameter where they are worst. */
function worst({ parameters, sampling, problems }: ItemSummary): string {
  if (sampling === 'independent') return problems[0];
  const least = parameters.reduce((low, row) => (smallestEss(row) < smallestEss(low) ? row : low));
  const most = parameters.reduce((high, row) => (row.rhat > high.rhat ? row : high));
  return `R̂ ${fixed(most.rhat, 3)} (${most.name}) · ESS ${grouped(smallestEss(least))} (${least.name})`;
}

function smallestEss({ essBulk, essTail }: ItemSummary['parameters'][number]): number {
  return Math.min(essBulk, essTail);
}
