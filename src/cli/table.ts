/** The table at the end of a run: truth against estimate, convergence, of chains also the pooled bias. Plain text for standard output. */
import { pooledBias } from '../results/posterior/bias.ts';
import type { ItemSummary, NamedSummary } from '../results/posterior/item-summary.ts';
import { align } from './align.ts';

/** Items shown; all of them are in summary.csv. */
const MAX_ROWS = 40;
const MAX_PROBLEMS = 12;

/** Lines of the summary, empty for a run without results. @param warnings what must be known of all results together */
export function summaryLines(summaries: readonly ItemSummary[], warnings: readonly string[] = []): string[] {
  if (summaries.length === 0) return [];
  const rows = summaries.slice(0, MAX_ROWS).map(itemRow);
  const names = summaries[0].parameters.map(({ name }) => name);
  const checks = isIndependent(summaries[0])
    ? ['draws', 'rejected', 'complete']
    : ['R̂ max', 'ESS min', 'accept', 'converged'];
  const lines = align([['run', ...names.map((name) => `${name} truth → mean ± sd`), ...checks], ...rows]);
  if (summaries.length > MAX_ROWS) lines.push(`… and ${summaries.length - MAX_ROWS} more in summary.csv`);
  return [
    ...lines,
    '',
    ...(isIndependent(summaries[0]) ? [] : biasLines(summaries)),
    ...convergenceLines(summaries),
    ...warnings.map((line) => `warning: ${line}`),
  ];
}

function itemRow(summary: ItemSummary): string[] {
  const { parameters, info } = summary;
  return [
    info.runId,
    ...parameters.map(({ name, mean, sd }) => {
      const truth = info.truth[name];
      const digits = decimals(sd);
      const estimate = `${mean.toFixed(digits)} ± ${sd.toFixed(digits)}`;
      return Number.isFinite(truth) ? `${truth.toFixed(digits)} → ${estimate}` : estimate;
    }),
    ...(isIndependent(summary) ? independentCells(summary) : chainCells(summary)),
    summary.converged ? 'yes' : 'NO',
  ];
}

const isIndependent = ({ sampling }: ItemSummary) => sampling === 'independent';

function chainCells({ parameters, acceptance }: ItemSummary): string[] {
  return [
    rhatText(Math.max(...parameters.map(({ rhat }) => rhat))),
    essText(smallestEss(parameters)),
    acceptance.toFixed(2),
  ];
}

function independentCells({ parameters, rejected = 0 }: ItemSummary): string[] {
  return [essText(smallestEss(parameters)), `${(100 * rejected).toFixed(1)} %`];
}

function smallestEss(parameters: ItemSummary['parameters']): number {
  return Math.min(...parameters.flatMap(({ essBulk, essTail }) => [essBulk, essTail]));
}

/** Decimals that show two digits of an error. */
function decimals(error: number): number {
  return error > 0 && Number.isFinite(error) ? Math.min(9, Math.max(0, 1 - Math.floor(Math.log10(error)))) : 4;
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

function convergenceLines(summaries: readonly ItemSummary[]): string[] {
  const bad = summaries.filter(({ converged }) => !converged);
  const count = `${summaries.length - bad.length} of ${summaries.length}`;
  if (isIndependent(summaries[0])) {
    return [
      `Complete (at least 400 independent draws, all finite): ${count}. Whether they are draws from the posterior: --metrics measures it.`,
      ...bad.slice(0, MAX_PROBLEMS).map(({ info, problems }) => `  ${info.runId}: ${problems.join('; ')}`),
    ];
  }
  const lines = [`Converged (R̂ < 1.01, bulk and tail ESS ≥ 400, E-BFMI ≥ 0.3, no divergence): ${count}`];
  for (const summary of bad.slice(0, MAX_PROBLEMS)) lines.push(`  ${summary.info.runId}: ${worst(summary)}`);
  if (bad.length > MAX_PROBLEMS) lines.push(`  … and ${bad.length - MAX_PROBLEMS} more`);
  if (bad.length > 0) lines.push(`  Every check they missed is in failures.json. ${remedy(bad)}`);
  return lines;
}

function remedy(bad: readonly ItemSummary[]): string {
  return bad.some(({ divergences }) => divergences > 0)
    ? 'A smaller step size, or an adapted one (0), avoids divergences.'
    : 'More draws raise the effective sample size.';
}

/** Chains that never move make R̂ about 1e15: no place for decimals. */
function rhatText(rhat: number): string {
  return rhat < 1e6 ? rhat.toFixed(4) : rhat.toExponential(1);
}

function essText(ess: number): string {
  return Number.isNaN(ess) ? 'undefined' : ess.toFixed(0);
}

/** The worst of each kind of check, in a line. */
function worst({ parameters, divergences, bfmi }: ItemSummary): string {
  const rhat = parameters.reduce((a, b) => (b.rhat > a.rhat || Number.isNaN(b.rhat) ? b : a));
  const least = (p: NamedSummary) => Math.min(p.essBulk, p.essTail);
  const ess = parameters.reduce((a, b) => (least(b) < least(a) || Number.isNaN(least(b)) ? b : a));
  return [
    `R̂ up to ${rhatText(rhat.rhat)} (${rhat.name})`,
    `ESS down to ${essText(least(ess))} (${ess.name})`,
    `E-BFMI down to ${Math.min(...bfmi).toFixed(2)}`,
    `${divergences} divergent`,
  ].join(', ');
}
