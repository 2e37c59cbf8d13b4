/** What a person can do with the tuner. Loaded with its panel. */
import type { RunConfig } from '../../engine/config/run-config.ts';
import type { Beyond } from '../../engine/tuner/setting.ts';
import type { TuneEvent, TuningKey } from '../../engine/tuner/types.ts';
import { EngineError, jobOf } from '../../worker/client.ts';
import type { TuningTypes } from '../../worker/tuning/types.ts';
import { guard, replan, theEngine } from './actions.ts';
import { notify, useStore } from './store.ts';
import type { Tuning } from './types.ts';

/** Trials are told in bursts; the page takes them in once in so long. */
const PACE_MS = 100;

const tuner = ({ workload }: RunConfig) => jobOf<TuningTypes>(theEngine(), workload, 'tuning');

/** Measures which batch size suits the configuration on screen, and, asked for, larger ones than it has items. Trials arrive in the store while it goes on. */
export async function tune(beyond?: Beyond): Promise<void> {
  const { config, tuning } = useStore.getState();
  if (tuning?.state === 'tuning') return;
  const startedAt = Date.now();
  useStore.setState({ tuning: { state: 'tuning', config, beyond: beyond !== undefined, startedAt, events: [] } });
  const job = tuner(config);
  const collected: TuneEvent[] = [];
  const show = () => update({ events: [...collected] });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stopListening = job.on((event) => {
    collected.push(event);
    timer ??= setTimeout(() => {
      timer = undefined;
      show();
    }, PACE_MS);
  });
  try {
    const { results, notKept } = await job.start({ config, beyond });
    show();
    update({ state: 'done' });
    const result = results.find(({ key }) => key.precision === config.precision) ?? results[0];
    useStore.setState({ tuned: result });
    if (notKept) notify({ tone: 'warning', message: notKept });
    replan(0);
  } catch (error) {
    show();
    const report = error instanceof EngineError ? error.report : { name: 'Error', message: String(error) };
    update(report.name === 'TuningCancelledError' ? { state: 'cancelled' } : { state: 'failed', error: report });
  } finally {
    clearTimeout(timer);
    stopListening();
  }
}

function update(change: Partial<Tuning>): void {
  useStore.setState(({ tuning }) => ({ tuning: tuning && { ...tuning, ...change } }));
}

/** The answer follows within about a second. */
export function cancelTuning(): void {
  const { tuning } = useStore.getState();
  if (tuning) tuner(tuning.config).stop();
}

/** Looks up what is remembered for the configuration on screen, whatever its batch size. */
export async function recallTuning(): Promise<void> {
  const { config } = useStore.getState();
  // A configuration that is wrong in a field has no plan, and the field says so already.
  const plan = await theEngine()
    .plan({ ...config, batch: { ...config.batch, size: 'auto' } })
    .catch(() => undefined);
  if (useStore.getState().config === config) useStore.setState({ tuned: plan?.tuning });
}

/** "auto" becomes the batch table's size again. */
export async function forgetTuning(key: TuningKey): Promise<void> {
  await guard(() => theEngine().forgetTuning(key));
  useStore.setState({ tuning: undefined });
  await recallTuning();
  replan(0);
}
