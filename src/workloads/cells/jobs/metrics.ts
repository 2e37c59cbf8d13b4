/** Metrics of finished cells against held-out ones, in turns with whatever else the worker does. */
import { parseRunConfig } from '../../../engine/config/run-config.ts';
import type { Job, JobSetting } from '../../../worker/jobs.ts';
import { ConfigError } from '../../workload.ts';
import { loadCells } from '../load.ts';
import { cellMetricSteps } from '../metrics/cell-metrics.ts';
import type { CellMetrics } from '../metrics/types.ts';
import { readCellsParams } from '../params.ts';
import { cellsProblem } from '../problem.ts';
import { metricsInput } from '../run-metrics.ts';
import type { MetricsTypes } from './metrics-types.ts';

/** So long before others of the worker have their turn, ms. */
const TURN_MS = 40;

export function metricsJob(setting: JobSetting): Job<MetricsTypes> {
  return {
    async start({ config: given, items, tokens }, signal) {
      // Files may have come and gone since the job was made.
      const { inputs, registry, post } = setting;
      const config = parseRunConfig(given, registry);
      const { data, model, name } = await loadCells(config.params, inputs);
      if (tokens.length !== items.length * data.genes.length)
        throw new ConfigError(
          'data',
          'These cells are of other genes than the data that are loaded now. Load the data that they were drawn with, then measure.',
        );
      const problem = cellsProblem(readCellsParams(config.params), model, data, config.seed, name);
      const steps = cellMetricSteps(metricsInput(problem, items, tokens, config.seed));
      return { reply: await inTurns(steps, post, signal) };
    },
  };
}

async function inTurns(
  steps: ReturnType<typeof cellMetricSteps>,
  post: JobSetting['post'],
  signal: AbortSignal,
): Promise<CellMetrics> {
  let turn = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - turn < TURN_MS) continue;
    post(step.value);
    await new Promise((resolve) => setTimeout(resolve));
    signal.throwIfAborted();
    turn = performance.now();
  }
}
