/** What a terminal says of posteriors below their table: the pooled bias of chains, how many converged, what is wrong with the others. */
import { pooledBias } from './bias.ts';
import { essText, NO_VALUE, rhatText } from './columns.ts';
import type { ItemSummary, NamedSummary } from './item-summary.ts';
import { misfitLines } from './misfit.ts';
import { HMC, type PosteriorOptions, type Sampler } from './options.ts';

const MAX_PROBLEMS = 12;

/** @param summaries at least one */
export function posteriorLines(
  summaries: readonly ItemSummary[],
  { misfit, sampler = HMC }: PosteriorOptions,
): string[] {
  const misfits = misfitLines(summaries, misfit).map((line) => `warning: ${line}`);
  const independent = summaries[0].sampling === 'independent';
  return [
    ...(independent ? completeLines(summaries) : [...biasLines(summaries), ...convergenceLines(summaries, sampler)]),
    ...misfits,
  ];
}

function biasLines(summaries: readonly ItemSummary[]): string[] {
  const fits = pooledBias(summaries);
  if (fits.length === 0) return [];
  const signed = (value: number) => `${value < 0 ? '' : '+'}${value.toExponential(2)}`;
  return [
    'Pooled bias, mean = (1 + m) truth + c, posterior means as they are (the prior pulls them towards its centre):',
    ...fits.map(
      ({ name, m, mErr, c, cErr, n }) =>
        `  ${name}: m = ${signed(m)} ± ${mErr.toExponential(1)}, c = ${signed(c)} ± ${cErr.toExponential(1)} (${n} items)`,
    ),
    '',
  ];
}

const failing = (summaries: readonly ItemSummary[]) => summaries.filter(({ converged }) => !converged);

function completeLines(summaries: readonly ItemSummary[]): string[] {
  const bad = failing(summaries);
  const count = `${summaries.length - bad.length} of ${summaries.length}`;
  return [
    `Complete (at least 400 independent draws, all finite, of an observation that the model can make): ${count}. Whether they are draws from the posterior: --metrics measures it.`,
    ...bad.slice(0, MAX_PROBLEMS).map(({ info, problems }) => `  ${info.runId}: ${problems.join('; ')}`),
    ...(bad.length > MAX_PROBLEMS ? [`  … and ${bad.length - MAX_PROBLEMS} more`] : []),
  ];
}

function convergenceLines(summaries: readonly ItemSummary[], sampler: Sampler): string[] {
  const bad = failing(summaries);
  const count = `${summaries.length - bad.length} of ${summaries.length}`;
  const lines = [`Converged (R̂ < 1.01, bulk and tail ESS ≥ 400, E-BFMI ≥ 0.3, no divergence): ${count}`];
  for (const summary of bad.slice(0, MAX_PROBLEMS)) lines.push(`  ${summary.info.runId}: ${worst(summary)}`);
  if (bad.length > MAX_PROBLEMS) lines.push(`  … and ${bad.length - MAX_PROBLEMS} more`);
  if (bad.length > 0) lines.push(`  Every check they missed is in failures.json. ${remedy(bad, sampler)}`);
  return lines;
}

function remedy(bad: readonly ItemSummary[], { againstDivergences }: Sampler): string {
  const diverged = bad.some(({ divergences }) => divergences > 0);
  return (diverged && againstDivergences) || 'More draws raise the effective sample size.';
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
