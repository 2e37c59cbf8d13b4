/** Real cells with masks, the same for every precision: what their logits are compared on. */
import { labelRows } from '../../../nn/score-network/spec.ts';
import { ConfigError } from '../../workload.ts';
import { codesOfData, hideGenes } from '../items.ts';
import type { LoadedCells } from '../load.ts';
import type { NetworkModel } from '../model.ts';
import { heldOut } from '../problem.ts';
import { categoryWord } from '../sampling/random.ts';

export interface MaskedCells {
  readonly cells: number;
  /** [cells][genes], V where masked. */
  readonly tokens: Uint8Array<ArrayBuffer>;
  /** Masked genes of each cell, ascending. */
  readonly masked: readonly (readonly number[])[];
  /** Rows of the label tables. */
  readonly perturbation: Uint32Array<ArrayBuffer>;
  readonly cellType: Uint32Array<ArrayBuffer>;
  /** Time of each cell: the share that is masked, up to chance. */
  readonly time: Float64Array;
  /** One for each masked gene in order, for draws. */
  readonly words: Uint32Array<ArrayBuffer>;
}

/** Held-out cells; of n the i-th has a share of (i + ½)/n of its genes masked, as on the way from noise. */
export function maskedCells({ data }: LoadedCells, model: NetworkModel, most: number, seed: number): MaskedCells {
  const { spec } = model;
  const n = data.genes.length;
  const codes = codesOfData(model, data);
  const fits = (label: number, labels: number) => labels === 0 || label < labelRows(spec, labels);
  const chosen = [...heldOut(data).heldOut]
    .filter((cell) => fits(codes.perturbation[cell], spec.perturbations) && fits(codes.cellType[cell], spec.cellTypes))
    .slice(0, most);
  if (chosen.length === 0)
    throw new ConfigError(
      'data',
      'none of the held-out cells has labels that this network knows, so it cannot be asked.',
    );
  const cells = chosen.length;
  const time = Float64Array.from(chosen, (_, i) => (i + 0.5) / cells);
  const tokens = new Uint8Array(cells * n);
  chosen.forEach((cell, i) => {
    const own = data.tokens.subarray(cell * n, (cell + 1) * n);
    tokens.set(hideGenes(own, (seed + i) >>> 0, time[i], data.bins.count), i * n);
  });
  const masked = chosen.map((_, i) =>
    Array.from({ length: n }, (_, gene) => gene).filter((gene) => tokens[i * n + gene] === data.bins.count),
  );
  return {
    cells,
    tokens,
    masked,
    perturbation: Uint32Array.from(chosen, (cell) => codes.perturbation[cell]),
    cellType: Uint32Array.from(chosen, (cell) => codes.cellType[cell]),
    time,
    words: Uint32Array.from(masked.flatMap((genes, i) => genes.map((gene) => categoryWord((seed + i) >>> 0, gene, 0)))),
  };
}
