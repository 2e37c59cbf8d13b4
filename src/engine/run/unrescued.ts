/** Why posteriors that missed a threshold were not sampled again, for the end of a run, its bundle and its log. */

import type { ResultSummary } from '../../results/kind.ts';
import type { RunPlan } from '../plan/plan-run.ts';
import { counted, type RunEvent } from './events.ts';
import type { ResultStore } from './store.ts';

interface Over {
  readonly plan: RunPlan;
  readonly store: ResultStore;
  readonly events: readonly RunEvent[];
}

/** Sentences: rescues that failed or did not fit, and what configuration and results exclude. None where nothing is missing. */
export function unrescuedLines(run: Over): string[] {
  const told = run.events.filter(({ kind }) => kind === 'unrescued').map(({ message }) => message);
  return [...told, ...excludedLines(run)];
}

/** What the configuration excludes, and what items say of themselves: the part that no event has told. */
export function excludedLines({ plan, store }: Omit<Over, 'events'>): string[] {
  const missed = store.summaries().filter(({ converged }) => !converged);
  const { noRescue } = plan;
  if (noRescue === undefined && plan.rescues.length === 0) return [];
  const byReason = new Map<string, ResultSummary[]>();
  for (const summary of missed) {
    const reason = noRescue ?? summary.notAgain;
    if (reason !== undefined) byReason.set(reason, [...(byReason.get(reason) ?? []), summary]);
  }
  return [...byReason].map(
    ([reason, { length }]) =>
      `${counted(plan.workload, length)} that did not converge ${length === 1 ? 'was' : 'were'} not sampled again: ${reason}.`,
  );
}
