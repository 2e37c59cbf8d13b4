import { describe, expect, it } from 'vitest';
import { presetParams } from '../validate.ts';
import { ConfigError } from '../workload.ts';
import { hideGenes, labelsOfItems } from './items.ts';
import { cellsParams, readCellsParams } from './params.ts';
import { cellsPresets } from './presets.ts';
import { smallData } from './test-support/loaded.ts';

const data = smallData();
const model = {
  genes: data.genes,
  bins: data.bins,
  perturbations: data.perturbation!.names,
  cellTypes: data.cellType!.names,
};
const labels = (changes: Record<string, string>, count = 30, seed = 1) =>
  labelsOfItems(
    readCellsParams({ ...presetParams(cellsParams, cellsPresets[0]), ...changes }),
    model,
    data,
    count,
    seed,
  );

describe('labels of cells that are drawn', () => {
  it('come in the shares that the data have them, in pairs that the data have', () => {
    const drawn = labels({}, data.cells);
    const counts = (of: (at: number) => string) => {
      const found: Record<string, number> = {};
      for (let at = 0; at < data.cells; at++) found[of(at)] = (found[of(at)] ?? 0) + 1;
      return found;
    };
    expect(counts((at) => `${drawn[at].perturbation} ${drawn[at].cellType}`)).toEqual(
      counts((at) => `${data.perturbation!.codes[at]} ${data.cellType!.codes[at]}`),
    );
  });

  it('of predictions come in turn, so that all have equally many cells', () => {
    expect(labels({ task: 'perturbation' }, 6).map(({ perturbation }) => perturbation)).toEqual([0, 1, 2, 0, 1, 2]);
  });

  it('are the one that is named, or none', () => {
    expect(new Set(labels({ perturbation: 'G2' }).map(({ perturbation }) => perturbation))).toEqual(new Set([2]));
    expect(new Set(labels({ cellType: 'none' }).map(({ cellType }) => cellType))).toEqual(new Set([2]));
  });

  it('that nobody knows are refused with those that are', () => {
    expect(() => labels({ perturbation: 'G3' })).toThrow(ConfigError);
    expect(() => labels({ perturbation: 'G3' })).toThrow('Known are control, G1, G2.');
  });

  it('cannot be predicted by what knows none', () => {
    const none = { ...model, perturbations: [] };
    const params = readCellsParams({ ...presetParams(cellsParams, cellsPresets[0]), task: 'perturbation' });
    expect(() => labelsOfItems(params, none, data, 3, 1)).toThrow('knows no perturbations');
  });
});

describe('hidden genes', () => {
  const tokens = Uint8Array.from({ length: 400 }, (_, gene) => gene % 5);

  it('are about the share that was asked for, and the others are as they were', () => {
    const hidden = hideGenes(tokens, 7, 0.2, 5);
    const masked = hidden.filter((token) => token === 5).length;
    // Binomial with 400 genes and p = .2: four standard deviations of 8 about 80.
    expect(Math.abs(masked - 80)).toBeLessThan(32);
    hidden.forEach((token, gene) => {
      if (token !== 5) expect(token).toBe(tokens[gene]);
    });
  });

  it('hang on the seed of the cell alone, and are at least one', () => {
    expect(hideGenes(tokens, 7, 0.2, 5)).toEqual(hideGenes(tokens, 7, 0.2, 5));
    expect(hideGenes(tokens, 8, 0.2, 5)).not.toEqual(hideGenes(tokens, 7, 0.2, 5));
    for (let seed = 0; seed < 50; seed++) expect(hideGenes(tokens.slice(0, 3), seed, 0.01, 5)).toContain(5);
  });
});
