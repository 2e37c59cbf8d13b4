/** metrics.json and per_perturbation.csv of a run: made when somebody asks for its files, in turns with whatever else goes on. */
import { type FileEntry, textFile } from '../../bundle/types.ts';
import type { TokenItem } from '../../results/tokens/item.ts';
import { inTurns } from './evaluation/hooks.ts';
import { cellMetricSteps } from './metrics/cell-metrics.ts';
import { metricsJson, perPerturbationCsv } from './metrics/metrics-json.ts';
import type { CellMetrics } from './metrics/types.ts';
import type { CellsProblem } from './problem.ts';
import { metricsInput } from './run-metrics.ts';

export const METRICS = 'metrics.json';
export const PER_PERTURBATION = 'per_perturbation.csv';
/** Metrics compare at least two cells with two. */
const LEAST = 2;

/** The same numbers as the page shows of all these cells; none where there are too few of them. */
export function metricFiles(problem: CellsProblem, items: readonly TokenItem[]): FileEntry[] {
  const { data, split } = problem;
  if (Math.min(items.length, split.heldOut.length) < LEAST) return [];
  const genes = data.genes.length;
  let measured: Promise<CellMetrics> | undefined;
  const measure = () => {
    measured ??= inTurns(cellMetricSteps(input()), new AbortController().signal);
    return measured;
  };
  const input = () => {
    const tokens = new Uint8Array(items.length * genes);
    items.forEach((item, i) => {
      tokens.set(item.tokens, i * genes);
    });
    const indices = items.map(({ info }) => info.index);
    // The base seed of the run.
    return metricsInput(problem, indices, tokens, problem.items[0].seed);
  };
  const entry = (path: string, text: (metrics: CellMetrics) => string): FileEntry => ({
    path,
    make: async () => textFile(path, text(await measure())),
  });
  return [entry(METRICS, metricsJson), ...(input().perturbations ? [entry(PER_PERTURBATION, perPerturbationCsv)] : [])];
}
