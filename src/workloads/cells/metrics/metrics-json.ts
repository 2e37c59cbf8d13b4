/** metrics.json, per_perturbation.csv and steps.csv of a bundle. Canonical: equal numbers, equal bytes. */
import { encodeCsv } from '../../../bundle/csv.ts';
import { canonicalJson, type JsonValue } from '../../../bundle/json.ts';
import type { CellMetrics, MetricRow, MetricWords } from './types.ts';

/** What each name beside a value means. */
const BESIDE = {
  value: 'generated cells against real ones',
  floor: 'real training cells in place of generated ones: as near as the noise of so many cells lets anything come',
  ceiling: 'one half of the real cells against the other',
  independent: 'each gene drawn for itself from the training cells',
  zero: 'no molecule anywhere',
  mode: 'each gene’s most frequent training token',
  median: 'each gene’s median training token',
  control: 'training control cells in place of every perturbation',
  all_perturbed: 'training cells of all perturbations together in place of each',
} as const;

const word = ({ id, title, definition, space, better }: MetricWords) => ({ id, title, definition, space, better });

/** Text of metrics.json. */
export function metricsJson({ rows, perturbationMetrics: _, ...rest }: CellMetrics): string {
  return canonicalJson({
    cells_per_side: rest.cells,
    genes: rest.genes,
    seed: rest.seed,
    notes: rest.notes,
    beside_each_value: BESIDE,
    metrics: rows.map(rowJson),
    perturbations: rest.perturbations.map((row) => ({ ...row })),
  });
}

function rowJson({ value, floor, ceiling, baselines, n, seed, parts, ...words }: MetricRow): JsonValue {
  return { ...word(words), value, floor, ceiling, baselines, n, seed, parts };
}

/** A line a perturbation and set of cells, a column a metric: `set` says whose cells were compared with the real ones. */
export function perPerturbationCsv({ perturbations, perturbationMetrics }: CellMetrics): string {
  const ids = perturbationMetrics.map(({ id }) => id);
  const lines = perturbations.flatMap(({ perturbation, cells, controls, values }) =>
    Object.keys(values[ids[0]] ?? {}).map((set) => [
      perturbation,
      set,
      cells,
      controls,
      ...ids.map((id) => values[id][set] ?? undefined),
    ]),
  );
  return encodeCsv(['perturbation', 'set', 'cells', 'controls', ...ids], lines);
}

/** How some cells were sampled, and what came of it. */
export interface StepsEntry {
  readonly rule: string;
  readonly schedule: string;
  readonly steps: number;
  /** Calls of the network a cell. */
  readonly calls: number;
  readonly metrics: Pick<CellMetrics, 'cells' | 'rows'>;
}

/** steps.csv: a line a sampler and number of steps, a column a metric, and one line of the floor and of each baseline. */
export function stepsCsv(entries: readonly StepsEntry[]): string {
  const ids = [...new Set(entries.flatMap(({ metrics }) => metrics.rows.map(({ id }) => id)))];
  const line = (
    head: readonly (string | number | undefined)[],
    of: (row: MetricRow) => number | null,
    rows: readonly MetricRow[],
  ) => [
    ...head,
    ...ids.map((id) => {
      const row = rows.find((each) => each.id === id);
      return row ? (of(row) ?? undefined) : undefined;
    }),
  ];
  const lines = entries.map(({ rule, schedule, steps, calls, metrics }) =>
    line([rule, schedule, steps, calls, metrics.cells], ({ value }) => value, metrics.rows),
  );
  const first = entries[0]?.metrics;
  if (first) {
    const beside = (name: string) => [name, undefined, undefined, undefined, first.cells];
    lines.push(line(beside('floor'), ({ floor }) => floor, first.rows));
    const names = [...new Set(first.rows.flatMap(({ baselines }) => Object.keys(baselines)))];
    for (const name of names) lines.push(line(beside(name), ({ baselines }) => baselines[name] ?? null, first.rows));
  }
  return encodeCsv(['rule', 'schedule', 'steps', 'calls', 'cells', ...ids], lines);
}
