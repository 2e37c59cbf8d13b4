/** Data and a predictor as `loadCells` gives them, small and made here. */
import { initialScoreNetwork } from '../../../nn/score-network/init.ts';
import type { ScoreNetworkSpec } from '../../../nn/score-network/spec.ts';
import { threefry2x32 } from '../../../stats/threefry.ts';
import { fitMixture } from '../baselines/fit.ts';
import { makeBins, tokensOfCounts } from '../data/bins.ts';
import type { TokenData } from '../data/types.ts';
import type { LoadedCells } from '../load.ts';
import { code } from '../load.ts';

const GENES = 10;
const CELLS = 40;

/** Cells of two types and three perturbations, one of them the control; counts go up with the type. */
export function smallData(): TokenData {
  const word = (cell: number, gene: number) => threefry2x32([7, 0], [cell, gene])[0];
  const values = Array.from({ length: CELLS * GENES }, (_, at) => {
    const [cell, gene] = [Math.floor(at / GENES), at % GENES];
    return Math.floor((word(cell, gene) / 2 ** 32) ** 2 * (3 + 4 * ((cell + gene) % 2)));
  });
  const kept = values
    .map((value, at) => ({ value, cell: Math.floor(at / GENES), gene: at % GENES }))
    .filter(({ value }) => value > 0);
  const starts = Uint32Array.from({ length: CELLS + 1 }, (_, cell) => kept.filter((entry) => entry.cell < cell).length);
  const counts = {
    rows: CELLS,
    columns: GENES,
    starts,
    columnOf: Uint16Array.from(kept, ({ gene }) => gene),
    counts: Uint16Array.from(kept, ({ value }) => value),
  };
  const bins = makeBins('exact', 5);
  return {
    cells: CELLS,
    genes: Array.from({ length: GENES }, (_, gene) => `G${gene}`),
    bins,
    tokens: tokensOfCounts(counts, bins),
    counts,
    perturbation: { names: ['control', 'G1', 'G2'], codes: Uint32Array.from({ length: CELLS }, (_, cell) => cell % 3) },
    cellType: { names: ['a', 'b'], codes: Uint32Array.from({ length: CELLS }, (_, cell) => cell % 2) },
    control: 'control',
    source: 'cells of a test',
    warnings: [],
  };
}

export function loadedToy(kind: 'network' | 'mixture'): LoadedCells {
  const data = smallData();
  const { genes, bins } = data;
  const file = { name: 'toy', sha256: 'sha256:0', code, data };
  if (kind === 'mixture') {
    const rows = { genes: genes.length, bins: bins.count, tokens: data.tokens };
    const cells = Array.from({ length: data.cells }, (_, cell) => cell);
    const mixture = fitMixture(rows, cells, { classes: 3, seed: 1 });
    return { ...file, model: { kind, mixture, genes, bins, perturbations: [], cellTypes: [] } };
  }
  const spec: ScoreNetworkSpec = {
    variant: 'lockstep',
    layers: 2,
    width: 16,
    heads: 2,
    genes: genes.length,
    bins: bins.count,
    perturbations: 3,
    cellTypes: 2,
    timeFeatures: 0,
  };
  // A network that begins has gates of zero: with these it does something.
  const weights = initialScoreNetwork(spec, 3).map((weight, i) => weight || 0.1 * ((i % 7) - 3));
  const subject = { genes, bins, perturbations: data.perturbation!.names, cellTypes: data.cellType!.names };
  return { ...file, model: { kind, spec, weights, provenance: {}, ...subject } };
}
