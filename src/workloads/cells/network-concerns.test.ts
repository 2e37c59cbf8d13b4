import { describe, expect, it } from 'vitest';
import { presetParams } from '../validate.ts';
import { ConfigError } from '../workload.ts';
import type { CellsModel, Provenance } from './model.ts';
import { checkGenes, splitConcerns, subjectConcerns } from './network-concerns.ts';
import { cellsParams, readCellsParams } from './params.ts';
import { cellsPresets } from './presets.ts';
import { cellsProblem, SPLIT_SEED } from './problem.ts';
import { loadedToy } from './test-support/loaded.ts';

const params = (changes = {}) => readCellsParams({ ...presetParams(cellsParams, cellsPresets[0]), ...changes });
const { data, model } = loadedToy('network');
const origin = { ...model, spec: { ...(model.kind === 'network' && model.spec), variant: 'origin' } } as CellsModel;

describe('a network of the origin, whose tables have no row for none', () => {
  const problem = (changes: object, of = origin) => cellsProblem(params(changes), of, data, 1, 'x');

  it('draws under labels', () => {
    expect(problem({}).labels).toHaveLength(64);
  });

  it('is not asked without one', () => {
    expect(() => problem({ perturbation: 'none' })).toThrow('64 of 64 cells would be without one');
    expect(() => problem({ cellType: 'none' })).toThrow('always has a cell type');
    expect(problem({ perturbation: 'none' }, model).labels[0].perturbation).toBe(3);
  });

  it('is not guided', () => {
    expect(() => problem({ guidance: 2 })).toThrow(ConfigError);
    expect(() => problem({ guidance: 2 })).toThrow('Give 1 in place of 2');
  });
});

describe('what is said of a network and data', () => {
  it('is nothing where they go together', () => {
    expect(subjectConcerns(params(), model, data)).toEqual([]);
  });

  it('names labels that the network does not know', () => {
    const other = { ...data, perturbation: { ...data.perturbation!, names: ['control', 'G1', 'X'] } };
    expect(subjectConcerns(params(), model, other).join()).toContain('1 of the data’s 3 perturbations (X)');
    const { perturbation: _, ...without } = data;
    expect(subjectConcerns(params(), model, without).join()).toContain('the data name none');
  });

  it('tells a gene list that is not followed', () => {
    expect(subjectConcerns(params({ geneList: 'FOO' }), model, data).join()).toContain('not followed');
    expect(subjectConcerns(params({ geneList: data.genes.join(' , ') }), model, data)).toEqual([]);
  });

  it('tells a training that held out other cells than runs do', () => {
    const usual = { splitSeed: SPLIT_SEED, heldOut: 0.2 };
    expect([splitConcerns({}, SPLIT_SEED), splitConcerns(usual, SPLIT_SEED)]).toEqual([[], []]);
    const others: Provenance[] = [{ splitSeed: 5 }, { heldOut: 0.1 }, { folds: 5, fold: 1 }];
    for (const change of others)
      expect(splitConcerns({ ...usual, ...change }, SPLIT_SEED).join()).toContain('another split');
  });

  it('sends data without any of its genes elsewhere', () => {
    expect(() => checkGenes(model, 'n', ['HES4', 'SSU72'], 'mine')).toThrow('Choose the mixture');
    expect(() => checkGenes(model, 'n', ['HES4', data.genes[1]], 'mine')).not.toThrow();
  });
});
