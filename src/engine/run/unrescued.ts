/** Why posteriors that missed a threshold were not sampled again, for the end of a run, its bundle and its log. */

import type { RunPlan } from '../plan/plan-run.ts';
import { counted, type RunEvent } from './events.ts';
import type { ResultStore } from './store.ts';

interface Over {
  readonly plan: RunPlan;
  readonly store: ResultStore;
  readonly events: readonly RunEvent[];
}

/** Sentences: rescues that failed or did not fit, and what the configuration excludes. None where nothing is missing. */
export function unrescuedLines(run: Over): string[] {
  const told = run.events.filter(({ kind }) => kind === 'unrescued').map(({ message }) => message);
  return [...told, excludedLine(run) ?? []].flat();
}

/** What the configuration excludes: the part that no event has told. */
export function excludedLine({ plan, store }: Omit<Over, 'events'>): string | undefined {
  const missed = store.summaries().filter(({ converged }) => !converged).length;
  if (missed === 0 || plan.noRescue === undefined) return undefined;
  return `${counted(plan.workload, missed)} that did not converge ${missed === 1 ? 'was' : 'were'} not sampled again: ${plan.noRescue}.`;
}
