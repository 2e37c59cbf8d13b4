import type { RunConfig } from '../../engine/config/run-config.ts';
import type { EngineClient } from '../../worker/client.ts';
import { guard, replan, setConfig, startEngine } from './actions.ts';
import { presetConfigs, urlNamesRun } from './config.ts';
import { useStore } from './store.ts';

/** Starts the engine's worker and opens the adapter. Called once, after the first paint. */
export async function openEngine(): Promise<void> {
  const engine = startEngine();
  if (!engine) return;
  await guard(async () => {
    const device = await engine.init({ base: document.baseURI });
    useStore.setState({ device });
    void import('./resume.ts').then(({ watchForRuns }) => watchForRuns());
    // The f64 twin is slow: unless the link asks for a run of its own, it starts with the least work there is.
    if (device.mode === 'cpu' && !urlNamesRun()) setConfig(await leastWork(engine));
    else replan(0);
  });
}

/** The preset with the least arithmetic in all: what a machine without a GPU starts from. */
async function leastWork(engine: EngineClient): Promise<RunConfig> {
  const candidates = presetConfigs(useStore.getState().config.workload);
  const costs = await Promise.all(
    candidates.map(async (candidate) => {
      const { items, work } = await engine.plan(candidate);
      return items * work.unitsPerItem * work.flopPerUnit;
    }),
  );
  return candidates[costs.indexOf(Math.min(...costs))];
}
