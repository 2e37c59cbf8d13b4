/** Takes the rate of a run that has just finished. */
import type { RunOutcome } from '../../engine/run/progress.ts';
import type { EngineClient } from '../../worker/client.ts';
import { rememberRate } from './run-rates.ts';
import { useStore } from './store.ts';

/** The form's plan may be another's by now: the run's own configuration is planned for its work. */
export async function takeRate({ state, progress }: RunOutcome, engine: EngineClient): Promise<void> {
  const { ranConfig: config, device } = useStore.getState();
  if (state !== 'finished' || !config) return;
  const { work } = await engine.plan(config);
  rememberRate({ config, device }, progress.gradientsPerSecond * work.flopPerUnit);
}
