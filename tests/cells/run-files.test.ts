/** What a run's folder says of its cells: the numbers that the page shows, and the same bytes every time. */
import { expect, test } from 'vitest';
import { parseRunConfig } from '../../src/engine/config/run-config.ts';
import type { FinishedRun } from '../../src/results/kind.ts';
import type { TokenItem } from '../../src/results/tokens/item.ts';
import { splitCells } from '../../src/workloads/cells/data/split.ts';
import { metricFiles } from '../../src/workloads/cells/metric-files.ts';
import { cellMetrics } from '../../src/workloads/cells/metrics/cell-metrics.ts';
import { metricsJson } from '../../src/workloads/cells/metrics/metrics-json.ts';
import { readCellsParams } from '../../src/workloads/cells/params.ts';
import { cellsProblem } from '../../src/workloads/cells/problem.ts';
import { cellItem } from '../../src/workloads/cells/result.ts';
import { runFiles } from '../../src/workloads/cells/run-files.ts';
import { metricsInput } from '../../src/workloads/cells/run-metrics.ts';
import { loadedToy } from '../../src/workloads/cells/test-support/loaded.ts';
import { cellsWorkload } from '../../src/workloads/cells/workload.ts';

const { params, seed } = parseRunConfig({ workload: 'cells', seed: 9, params: { task: 'perturbation', cells: 40 } }, [
  cellsWorkload as never,
]);
const { model, data, name } = loadedToy('network');
const problem = cellsProblem(readCellsParams(params), model, data, seed, name);
const genes = data.genes.length;
const items = problem.items.map((info, i) => cellItem(problem, info, data.tokens.slice(i * genes, (i + 1) * genes)));

async function textsOf(of: readonly TokenItem[]): Promise<Record<string, string>> {
  const made = await Promise.all(metricFiles(problem, of).map((entry) => entry.make()));
  return Object.fromEntries(
    made.map((file) => [file.path, 'bytes' in file ? new TextDecoder().decode(file.bytes) : '']),
  );
}

test('metrics.json has the numbers of the page, and equal bytes every time', async () => {
  const tokens = data.tokens.slice(0, items.length * genes);
  const indices = items.map(({ info }) => info.index);
  const metrics = cellMetrics(metricsInput(problem, indices, tokens, seed));
  const texts = await textsOf(items);
  // Eight cells are held out, which are too few of each perturbation: those of all together are measured all the same.
  expect(metrics.perturbations).toEqual([]);
  expect(texts).toEqual({ 'metrics.json': metricsJson(metrics) });
  expect(await textsOf(items)).toEqual(texts);
});

test('a single cell is compared with nothing, and what is said of files names those that there are', async () => {
  expect(metricFiles(problem, items.slice(0, 1))).toEqual([]);
  const run = { items, precision: 'f32', title: 'Cells', appVersion: '0', pieceBytes: 4096 };
  for (const count of [1, 40]) {
    const { entries, about } = await runFiles(problem, {
      ...run,
      items: items.slice(0, count),
    } as never as FinishedRun<TokenItem>);
    expect(about.map(([path]) => path).sort()).toEqual(entries.map(({ path }) => path).sort());
  }
});

test('per_perturbation.csv is there where labels have cells enough', async () => {
  // Every cell five times, so that eight are held out of each label.
  const times = 5;
  const many = {
    ...problem,
    data: {
      ...data,
      cells: data.cells * times,
      tokens: repeated(data.tokens, times),
      perturbation: { ...data.perturbation!, codes: repeated(data.perturbation!.codes, times) },
      counts: {
        ...data.counts,
        rows: data.cells * times,
        starts: Uint32Array.from({ length: data.cells * times + 1 }, (_, i) => {
          const { starts, rows } = data.counts;
          return Math.floor(i / rows) * starts[rows] + starts[i % rows];
        }),
        columnOf: repeated(data.counts.columnOf, times),
        counts: repeated(data.counts.counts, times),
      },
    },
    split: splitCells(data.cells * times, 0, 0.5),
  };
  const made = await Promise.all(metricFiles(many, items).map((entry) => entry.make()));
  expect(made.map(({ path }) => path)).toEqual(['metrics.json', 'per_perturbation.csv']);
  const csv = new TextDecoder().decode('bytes' in made[1] ? Uint8Array.from(made[1].bytes) : undefined);
  expect(csv.split('\n')[0]).toMatch(/^perturbation,set,cells,controls,/);
  expect(csv).toMatch(/^G1,/m);
  expect(csv).toMatch(/^G2,/m);
});

function repeated<T extends Uint8Array | Uint16Array | Uint32Array>(values: T, times: number): T {
  const Kind = values.constructor as new (length: number) => T;
  const all = new Kind(values.length * times);
  for (let i = 0; i < times; i++) all.set(values, i * values.length);
  return all;
}
