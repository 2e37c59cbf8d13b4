/**
 * What the metrics say where the answer is known: true cells of the exact mixture, and real cells held against other real cells. Each value
 * should be like its floor; the baselines say how far from it nothing learnt is.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCounts } from '../../../src/bundle/anndata/read-counts.ts';
import { makeBins } from '../../../src/workloads/cells/data/bins.ts';
import { binHistogram } from '../../../src/workloads/cells/data/counts-from-bins.ts';
import { splitCells } from '../../../src/workloads/cells/data/split.ts';
import { tokenise } from '../../../src/workloads/cells/data/tokenise.ts';
import { cellMetrics } from '../../../src/workloads/cells/metrics/cell-metrics.ts';
import { cellSetOf } from '../../../src/workloads/cells/metrics/cell-set.ts';
import type { CellMetrics } from '../../../src/workloads/cells/metrics/types.ts';
import { MixturePredictor } from '../../../src/workloads/cells/sampling/mixture-predictor.ts';
import { markdownTable } from '../table.ts';
import { readMixture } from './files.ts';
import { trueCells } from './mixture.ts';

const CELLS = 4000;
const SEED = 5;

/** Every row: value, floor, ceiling, baselines, cells. */
function tableOf({ rows, notes }: CellMetrics): string {
  const names = [...new Set(rows.flatMap(({ baselines }) => Object.keys(baselines)))];
  const text = (value: number | null | undefined) =>
    value === null || value === undefined ? '–' : value.toPrecision(3);
  const table = markdownTable(
    ['metric', 'value', 'floor', 'ceiling', ...names.map((name) => name.replaceAll('_', ' ')), 'cells'],
    rows.map(({ id, value, floor, ceiling, baselines, n }) => [
      id,
      ...[value, floor, ceiling, ...names.map((name) => baselines[name])].map(text),
      String(n),
    ]),
  );
  return [table, ...notes].join('\n\n');
}

/** Three independent draws of the mixture: one stands for the real cells, one for generated ones, one for training. */
async function ofMixture(folder: string): Promise<string> {
  const predictor = new MixturePredictor(await readMixture(folder));
  const set = (stream: number) => ({ tokens: trueCells(predictor, CELLS, stream) });
  const begin = performance.now();
  const found = cellMetrics({
    genes: Array.from({ length: predictor.genes }, (_, gene) => `gene ${gene}`),
    bins: makeBins('octave', predictor.bins),
    real: set(1),
    generated: set(2),
    training: set(3),
    seed: SEED,
  });
  const seconds = (performance.now() - begin) / 1000;
  return `${tableOf(found)}\n\n${found.cells} cells of ${found.genes} genes on each side: ${seconds.toFixed(1)} s.`;
}

/** Half of the cells stand for generated ones; the rest is split into training and real cells. */
async function ofRealCells(folder: string, file: string): Promise<string> {
  const table = await readCounts(file, readFileSync(join(folder, file)));
  const data = tokenise(table, { bins: makeBins('octave'), source: file });
  const { training: half, heldOut } = splitCells(data.cells, SEED, 0.5);
  const split = splitCells(half.length, SEED, 0.5);
  const part = (cells: Uint32Array) => cells.map((at) => half[at]);
  const { perturbation, control } = data;
  const found = cellMetrics({
    genes: data.genes,
    bins: data.bins,
    real: cellSetOf(data, part(split.heldOut)),
    training: cellSetOf(data, part(split.training)),
    generated: cellSetOf(data, heldOut),
    histogram: binHistogram(data, part(split.training)),
    ...(perturbation && control !== undefined && { perturbations: { names: perturbation.names, control } }),
    seed: SEED,
  });
  return tableOf(found);
}

export async function metricEvidence(folder: string, print: (...lines: string[]) => void): Promise<void> {
  print('### True cells of the mixture', await ofMixture(folder));
  for (const file of ['pbmc700.h5ad', 'perturb2500.h5ad']) {
    if (existsSync(join(folder, file)))
      print(`### Real cells against real cells: ${file}`, await ofRealCells(folder, file));
  }
}
