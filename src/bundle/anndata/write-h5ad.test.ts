import { expect, test } from 'vitest';
import { readHdf5Counts } from './read-hdf5-counts.ts';
import { gatherCounts } from './sparse-counts.ts';
import { type AnnDataFile, annDataPieces } from './write-h5ad.ts';

const [CELLS, GENES] = [97, 13];
const counts = Uint16Array.from({ length: CELLS * GENES }, (_, i) => (i % 3 === 0 ? (i * 7919) % 300 : 0));
// A cell without anything, first and last and in between.
for (const cell of [0, 40, 41, CELLS - 1]) counts.fill(0, cell * GENES, (cell + 1) * GENES);
const bins = Uint8Array.from(counts, (count) => Math.min(count, 15));

const FILE: AnnDataFile = {
  cellNames: Array.from({ length: CELLS }, (_, i) => `cell_${i}`),
  genes: ['Gα', ...Array.from({ length: GENES - 1 }, (_, i) => `G${i}`)],
  obs: [
    {
      kind: 'labels',
      name: 'perturbation',
      labels: ['a b', 'β'],
      codes: Int32Array.from({ length: CELLS }, (_, i) => (i % 3) - 1),
    },
    { kind: 'numbers', name: 'seed', values: Float64Array.from({ length: CELLS }, (_, i) => i + 42) },
    {
      kind: 'numbers',
      name: 'nll',
      values: Float64Array.from({ length: CELLS }, (_, i) => (i === 5 ? Number.NaN : i / 7)),
    },
  ],
  genesOwn: [{ kind: 'numbers', name: 'mean', values: Float64Array.from({ length: GENES }, (_, i) => i / 3) }],
  counts: (first, count) => counts.subarray(first * GENES, (first + count) * GENES),
  layers: { bins: (first, count) => bins.subarray(first * GENES, (first + count) * GENES) },
  uns: { lockstep: { seed: 42, sampler: 'tweedie', edges: Int32Array.of(0, 1, 2, 8), names: ['x', 'y'] } },
  timeMs: 0,
};

async function written(file: AnnDataFile, together = 300): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  for await (const piece of annDataPieces(file, { together, pieceBytes: 4096 })) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}

test('what is written is read again, whatever is packed together', async () => {
  for (const together of [31, 100_000]) {
    const table = await readHdf5Counts('x.h5ad', await written(FILE, together));
    expect([...gatherCounts(table.matrix, [...table.genes.keys()])]).toEqual([...counts]);
    expect([table.genes, table.cellNames]).toEqual([FILE.genes, FILE.cellNames]);
    expect(table.source).toMatchObject({ matrix: 'X', matrices: ['X', 'layers/bins'] });
    const [perturbation, seed, nll] = table.obs;
    expect(perturbation).toMatchObject({ name: 'perturbation', labels: ['none', 'a b', 'β'] });
    expect([seed, nll]).toEqual([FILE.obs[1], FILE.obs[2]]);
    const layer = await readHdf5Counts('x.h5ad', await written(FILE, together), { matrix: 'layers/bins' });
    expect([...gatherCounts(layer.matrix, [...layer.genes.keys()])]).toEqual([...bins]);
  }
});

test('equal input gives equal bytes', async () => {
  const [one, two] = [await written(FILE), await written(FILE)];
  expect(Buffer.from(one).equals(Buffer.from(two))).toBe(true);
});

test('cells without any count, and a file without further things', async () => {
  const bare = {
    ...FILE,
    obs: [],
    genesOwn: [],
    layers: {},
    uns: {},
    counts: (_: number, n: number) => new Uint8Array(n * GENES),
  };
  const { matrix, obs } = await readHdf5Counts('x.h5ad', await written(bare));
  expect([matrix.counts.length, matrix.rows, obs]).toEqual([0, CELLS, []]);
});

test.each<[string, Partial<AnnDataFile>, string]>([
  ['names of cells', { cellNames: FILE.cellNames.with(1, 'cell_0') }, 'obs: names are not unique'],
  ['names of genes', { genes: FILE.genes.with(1, 'Gα') }, 'var: names are not unique'],
  [
    'a short column',
    { obs: [{ kind: 'numbers', name: 'x', values: new Float64Array(3) }] },
    'obs/x has 3 values, and there are 97 names',
  ],
  ['a column twice', { obs: [FILE.obs[1], FILE.obs[1]] }, 'obs: "seed" is taken or no name for a column'],
  ['too few counts', { counts: () => new Uint8Array(3) }, 'X: 3 counts came for'],
])('%s are refused before anything is written', async (_, change, message) => {
  await expect(written({ ...FILE, ...change })).rejects.toThrow(message);
});
