/** The memory of the configuration on screen, asked of the engine whenever it changes. */
import { BEFOREHAND, notify, useStore } from '../store.ts';
import { engine } from './engine.ts';
import { forgetRefusal, showError } from './refusals.ts';

const PLAN_DELAY_MS = 120;
let planTimer: ReturnType<typeof setTimeout> | undefined;
let planNumber = 0;
/** A plan was asked for and has not come: the one in the store is of a form before. */
let awaited = false;

export function planAwaited(): boolean {
  return awaited;
}

/** No plan is asked for while something else begins. */
export function dropPlan(): void {
  clearTimeout(planTimer);
  awaited = false;
}

/** Asks the engine for the memory of the configuration on screen. */
export function replan(delayMs = PLAN_DELAY_MS): void {
  dropPlan();
  awaited = true;
  planTimer = setTimeout(async () => {
    const number = ++planNumber;
    const { config } = useStore.getState();
    // Another experiment may have been chosen before the next plan is asked for.
    const current = () => number === planNumber && config.workload === useStore.getState().config.workload;
    try {
      const plan = await engine?.plan(config);
      if (!plan || !current()) return;
      awaited = false;
      forgetRefusal();
      warnBeforehand(plan.warnings);
      useStore.setState({ plan, unplanned: false });
    } catch (error) {
      if (!current()) return;
      awaited = false;
      forgetRefusal();
      useStore.setState({ unplanned: true });
      showError(error);
    }
  }, delayMs);
}

/** What the plan knows of the files: told once, and void when another plan no longer says so. */
export function warnBeforehand(warnings: readonly string[]): void {
  const before = useStore.getState().plan?.warnings ?? [];
  if (warnings.join() === before.join()) return;
  useStore.setState(({ notices }) => ({ notices: notices.filter(({ key }) => key !== BEFOREHAND) }));
  if (warnings.length > 0) notify({ tone: 'warning', key: BEFOREHAND, message: warnings.join(' ') });
}
