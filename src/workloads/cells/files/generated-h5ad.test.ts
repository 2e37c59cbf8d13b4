import { expect, test } from 'vitest';
import { readHdf5Counts } from '../../../bundle/anndata/read-hdf5-counts.ts';
import { gatherCounts, sparseCounts } from '../../../bundle/anndata/sparse-counts.ts';
import { annDataPieces } from '../../../bundle/anndata/write-h5ad.ts';
import type { FinishedRun } from '../../../results/kind.ts';
import type { TokenItem } from '../../../results/tokens/item.ts';
import { fitIndependent } from '../baselines/fit.ts';
import { makeBins } from '../data/bins.ts';
import { tokenise } from '../data/tokenise.ts';
import type { CellsModel } from '../model.ts';
import { readCellsParams } from '../params.ts';
import { cellsProblem } from '../problem.ts';
import { cellItem } from '../result.ts';
import { annDataOf } from './generated-h5ad.ts';

const [CELLS, GENES] = [40, 3];
const COUNTS = Array.from({ length: CELLS * GENES }, (_, i) => (i % 4 === 0 ? 0 : (i * i) % 50));
const matrix = sparseCounts(
  {
    rows: CELLS,
    columns: GENES,
    starts: Uint32Array.from({ length: CELLS + 1 }, (_, i) => i * GENES),
    columnOf: Uint32Array.from({ length: CELLS * GENES }, (_, i) => i % GENES),
  },
  COUNTS,
);
const names = Array.from({ length: CELLS }, (_, i) => `c${i}`);
const bins = makeBins('octave');
const table = { cells: CELLS, genes: ['A', 'B', 'C'], cellNames: names, obs: [], matrix, warnings: [] };
const data = tokenise(table, { genes: 3, bins, source: 'here' });
const model: CellsModel = {
  kind: 'mixture',
  mixture: fitIndependent({ genes: GENES, bins: bins.count, tokens: data.tokens }, [...names.keys()]),
  genes: data.genes,
  bins,
  perturbations: [],
  cellTypes: [],
};

function finished(task: string) {
  const problem = cellsProblem(
    readCellsParams({ task, model: 'mixture', cells: 8, hidden: 0.34 }),
    model,
    data,
    5,
    'x',
  );
  // What a sampler would find: some bin for every gene that is hidden.
  const items = problem.items.map((info) => {
    const start = problem.known?.[info.index].tokens;
    const tokens = Uint8Array.from({ length: GENES }, (_, gene) => {
      const known = start?.[gene] ?? bins.count;
      return known < bins.count ? known : (info.index + 5 * gene) % bins.count;
    });
    return cellItem(problem, info, tokens);
  });
  const run = { items, precision: 'f32', title: 'Cells', appVersion: '0.0.0' } as unknown as FinishedRun<TokenItem>;
  return { problem, items, run };
}

async function written({ problem, run }: ReturnType<typeof finished>) {
  const pieces: Uint8Array[] = [];
  for await (const piece of annDataPieces(annDataOf(problem, run), { together: 1000, pieceBytes: 65_536 }))
    pieces.push(piece);
  return readHdf5Counts('x.h5ad', new Uint8Array(Buffer.concat(pieces)));
}

const binOf = (count: number) => bins.edges!.findLastIndex((edge) => edge <= count);

test('every count lies in the bin that was drawn, and bin 0 is no molecule', async () => {
  const run = finished('generate');
  const { matrix: counts, genes, cellNames, obs } = await written(run);
  expect(genes).toEqual(data.genes);
  expect(cellNames).toEqual(run.items.map(({ info }) => info.runId));
  const found = [...gatherCounts(counts, [0, 1, 2])].map(binOf);
  expect(found).toEqual(run.items.flatMap(({ tokens }) => [...tokens]));
  const column = (name: string) => obs.find((each) => each.name === name)!;
  expect(column('item')).toMatchObject({ values: Float64Array.from({ length: 8 }, (_, i) => i) });
  expect(column('seed')).toMatchObject({ values: Float64Array.from({ length: 8 }, (_, i) => 5 + i) });
});

test('counts of a cell do not depend on which others are finished', async () => {
  const all = finished('generate');
  const some = { ...all, run: { ...all.run, items: all.items.slice(3, 5) } };
  const [whole, part] = [await written(all), await written(some)];
  expect([...gatherCounts(part.matrix, [0, 1, 2])]).toEqual([...gatherCounts(whole.matrix, [0, 1, 2], [3, 4])]);
});

test('of imputed cells, genes that were known keep the counts of the data', async () => {
  const run = finished('impute');
  const { matrix: counts, obs } = await written(run);
  const found = gatherCounts(counts, [0, 1, 2]);
  let known = 0;
  run.problem.known!.forEach(({ cell, tokens }, at) => {
    for (let gene = 0; gene < GENES; gene++) {
      if (tokens[gene] === bins.count) continue;
      known++;
      expect(found[at * GENES + gene]).toBe(COUNTS[cell * GENES + table.genes.indexOf(data.genes[gene])]);
    }
  });
  expect(known).toBeGreaterThan(0);
  expect(obs.map(({ name }) => name)).toContain('source');
});

test('of imputed cells it says which genes were hidden', () => {
  const { problem, run, items } = finished('impute');
  const { layers } = annDataOf(problem, run);
  const hidden = [...layers!.hidden!(0, items.length)];
  expect(hidden).toEqual(
    problem.known!.flatMap(({ tokens }) => [...tokens].map((token) => Number(token === bins.count))),
  );
  expect(hidden).toContain(1);
  const drawn = finished('generate');
  expect(Object.keys(annDataOf(drawn.problem, drawn.run).layers!)).toEqual(['bins']);
});
