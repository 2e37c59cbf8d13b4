/** What a terminal says of posteriors below their table: the pooled bias of chains, how many converged, what is wrong with the others. */
import { LOCKSTEP_THRESHOLDS } from '../../stats/thresholds.ts';
import { pooledBias } from './bias.ts';
import { essText, NO_VALUE, rhatText } from './columns.ts';
import type { ItemSummary, NamedSummary } from './item-summary.ts';
import { misfitClause, misfitLines } from './misfit.ts';
import { HMC, type PosteriorOptions, type Sampler } from './options.ts';

const MAX_PROBLEMS = 12;

/** @param summaries at least one */
export function posteriorLines(
  summaries: readonly ItemSummary[],
  { misfit, sampler = HMC, places = [] }: PosteriorOptions,
): string[] {
  const misfits = misfitLines(summaries, misfit).map((line) => `warning: ${line}`);
  const doubt = misfitClause(summaries, misfit);
  const independent = summaries[0].sampling === 'independent';
  return [
    ...(independent
      ? completeLines(summaries, doubt)
      : [...biasLines(summaries, places, doubt), ...convergenceLines(summaries, sampler, doubt)]),
    ...misfits,
  ];
}

/** @param doubt what keeps the numbers from being believed */
function biasLines(summaries: readonly ItemSummary[], places: readonly string[], doubt: string | undefined): string[] {
  const fits = pooledBias(summaries, places);
  if (fits.length === 0) return [];
  const signed = (value: number) => `${value < 0 ? '' : '+'}${value.toExponential(2)}`;
  return [
    'Pooled bias, mean = (1 + m) truth + c, posterior means as they are (the prior pulls them towards its centre):',
    ...fits.map(
      ({ name, m, mErr, c, cErr, n }) =>
        `  ${name}: m = ${signed(m)} ± ${mErr.toExponential(1)}, c = ${signed(c)} ± ${cErr.toExponential(1)} (${n} items${places.includes(name) ? ', from the mean truth' : ''})`,
    ),
    ...(doubt === undefined ? [] : [`  Not to be believed: ${doubt}.`]),
    '',
  ];
}

const failing = (summaries: readonly ItemSummary[]) => summaries.filter(({ converged }) => !converged);

function completeLines(summaries: readonly ItemSummary[], doubt: string | undefined): string[] {
  const bad = failing(summaries);
  const count = `${summaries.length - bad.length} of ${summaries.length}`;
  return [
    `Complete (at least 400 independent draws, all finite, of an observation that the model can make): ${count}${butFor(doubt)}. Whether they are draws from the posterior: --metrics measures it.`,
    ...bad.slice(0, MAX_PROBLEMS).map(({ info, problems }) => `  ${info.runId}: ${problems.join('; ')}`),
    ...(bad.length > MAX_PROBLEMS ? [`  … and ${bad.length - MAX_PROBLEMS} more`] : []),
  ];
}

const butFor = (doubt: string | undefined) => (doubt === undefined ? '' : `; ${doubt}`);

function convergenceLines(summaries: readonly ItemSummary[], sampler: Sampler, doubt: string | undefined): string[] {
  const bad = failing(summaries);
  const count = `${summaries.length - bad.length} of ${summaries.length}`;
  const lines = [
    `Converged (R̂ < 1.01, bulk and tail ESS ≥ 400, E-BFMI ≥ 0.3, no divergence): ${count}${butFor(doubt)}`,
  ];
  for (const summary of bad.slice(0, MAX_PROBLEMS)) lines.push(`  ${summary.info.runId}: ${worst(summary)}`);
  if (bad.length > MAX_PROBLEMS) lines.push(`  … and ${bad.length - MAX_PROBLEMS} more`);
  if (bad.length > 0) lines.push(`  Every check they missed is in failures.json. ${remedy(bad, sampler)}`);
  return lines;
}

/** What may help against each check that was missed, in sentences. */
function remedy(bad: readonly ItemSummary[], { againstDivergences }: Sampler): string {
  const { rhatMax, essMin, bfmiMin } = LOCKSTEP_THRESHOLDS;
  const [own, hopeless] = [bad.filter(({ notAgain }) => !notAgain), bad.filter(({ notAgain }) => notAgain)];
  const some = (missed: (summary: ItemSummary) => boolean) => own.some(missed);
  const any = (missed: (parameter: NamedSummary) => boolean) => some(({ parameters }) => parameters.some(missed));
  const few = any(({ essBulk, essTail }) => essBulk < essMin || essTail < essMin);
  return [
    some(({ divergences }) => divergences > 0) && (againstDivergences ?? 'Shorter steps avoid divergences.'),
    any(({ essBulk }) => Number.isNaN(essBulk)) && 'Chains that never move take steps that are too long.',
    some(({ bfmi }) => bfmi.some((value) => value < bfmiMin)) &&
      'Against a low E-BFMI more draws do not help: longer trajectories may.',
    any(({ rhat }) => rhat >= rhatMax) && 'Chains that disagree (R̂) want a longer warm-up and more draws.',
    few && 'More draws raise the effective sample size.',
    hopeless.length > 0 && 'Where the model does not describe the data, no way of sampling helps.',
  ]
    .filter((sentence) => sentence !== false)
    .join(' ');
}

/** The worst of each kind of check, in a line. */
function worst({ parameters, divergences, bfmi }: ItemSummary): string {
  const rhat = parameters.reduce((a, b) => (b.rhat > a.rhat || Number.isNaN(b.rhat) ? b : a));
  const least = (p: NamedSummary) => Math.min(p.essBulk, p.essTail);
  const ess = parameters.reduce((a, b) => (least(b) < least(a) || Number.isNaN(least(b)) ? b : a));
  const energy = Math.min(...bfmi);
  return [
    `R̂ ${Number.isNaN(rhat.rhat) ? NO_VALUE : `up to ${rhatText(rhat.rhat)}`} (${rhat.name})`,
    Number.isNaN(least(ess))
      ? `ESS ${NO_VALUE}: the chains never moved (${ess.name})`
      : `ESS down to ${essText(least(ess))} (${ess.name})`,
    Number.isFinite(energy) ? `E-BFMI down to ${energy.toFixed(2)}` : `E-BFMI ${NO_VALUE}`,
    `${divergences} divergent`,
  ].join(', ');
}
