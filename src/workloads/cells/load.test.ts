import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setShippedFiles } from '../shipped-files.ts';
import { presetParams } from '../validate.ts';
import { ConfigError, type RunInputs } from '../workload.ts';
import { dataRole } from './files/data-role.ts';
import { networkRole } from './files/network-role.ts';
import { loadCells } from './load.ts';
import { encodeCellsNetwork } from './network-file.ts';
import { cellsParams } from './params.ts';
import { cellsPresets } from './presets.ts';
import { cellsProblem } from './problem.ts';
import { loadedToy } from './test-support/loaded.ts';

beforeAll(() => setShippedFiles(async (path) => new Uint8Array(await readFile(`public/${path}`))));
afterAll(() => setShippedFiles(async () => undefined));

const params = (changes = {}) => ({ ...presetParams(cellsParams, cellsPresets[0]), ...changes });

async function withFiles(given: {
  data?: Uint8Array<ArrayBuffer>;
  network?: Uint8Array<ArrayBuffer>;
}): Promise<RunInputs> {
  return {
    files: {
      ...(given.data && { data: (await dataRole.read('mine.h5ad', given.data)).input }),
      ...(given.network && { network: (await networkRole.read('mine.safetensors', given.network)).input }),
    },
  };
}

const example = async () => new Uint8Array(await readFile('public/examples/regulatory.h5ad'));

function toyNetwork(): Uint8Array<ArrayBuffer> {
  const { model } = loadedToy('network');
  if (model.kind !== 'network') throw new Error('not a network');
  const { spec, weights, genes, bins, perturbations, cellTypes } = model;
  return encodeCellsNetwork({ spec, weights, subject: { genes, bins, perturbations, cellTypes }, provenance: {} });
}

describe('what a run of cells is made of', () => {
  it('is a mixture fitted to the cells that ship', async () => {
    const { model, data, name } = await loadCells(params({ model: 'mixture' }), {});
    expect(model).toMatchObject({ kind: 'mixture', mixture: { classes: 12, genes: 64, bins: 16 } });
    expect([data.cells, name]).toEqual([3000, 'regulatory.npz']);
  });

  it('is the network that ships, which knows the labels of those cells', async () => {
    const { model, data, code } = await loadCells(params(), {});
    expect(model.kind).toBe('network');
    expect(model.perturbations).toEqual(data.perturbation!.names);
    expect(code.cellsProblem(code.readCellsParams(params()), model, data, 1, 'x').items).toHaveLength(64);
  });

  it('is a mixture of the user’s genes, in the user’s bins', async () => {
    const inputs = await withFiles({ data: await example() });
    const { model, data, name } = await loadCells(
      params({ model: 'mixture', genes: 20, bins: 'exact', binCount: 8 }),
      inputs,
    );
    expect(model).toMatchObject({ kind: 'mixture', mixture: { genes: 20, bins: 8 } });
    expect([data.cells, name]).toEqual([200, 'mine.h5ad']);
    expect(data.perturbation!.names).toContain('control');
  });

  it('refuses a network about genes that the user’s data lack, naming some', async () => {
    const inputs = await withFiles({ data: await example(), network: toyNetwork() });
    await expect(loadCells(params(), inputs)).rejects.toThrow(ConfigError);
    await expect(loadCells(params(), inputs)).rejects.toThrow('G0');
  });

  it('refuses a network of the user’s about other genes than the cells that ship', async () => {
    const inputs = await withFiles({ network: toyNetwork() });
    await expect(loadCells(params(), inputs)).rejects.toThrow('other genes than the data that ship');
  });

  it('imputes at most as many cells as are held out, each from its own known genes', async () => {
    const { model, data } = await loadCells(params({ model: 'mixture' }), {});
    const { code } = await loadCells(params({ model: 'mixture' }), {});
    const wanted = code.readCellsParams(params({ model: 'mixture', task: 'impute', cells: 10_000 }));
    const { items, known, notes, split } = cellsProblem(wanted, model, data, 3, 'x');
    expect(items).toHaveLength(600);
    expect(notes.join()).toContain('600 cells are held out from training');
    expect(known!.map(({ cell }) => cell)).toEqual(Array.from(split.heldOut));
  });
});
