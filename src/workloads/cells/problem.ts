/** A run of cells: which model, which labels, which genes are known from the beginning. */
import type { ItemInfo } from '../../results/item.ts';
import type { Problem } from '../workload.ts';
import { concerns } from './concerns.ts';
import { HELD_OUT_SHARE, type Split, splitCells } from './data/split.ts';
import type { TokenData } from './data/types.ts';
import { type CellLabels, codesOfData, hideGenes, labelsOfItems } from './items.ts';
import type { CellsModel } from './model.ts';
import { checkLabelled } from './network-concerns.ts';
import type { CellsParams } from './params.ts';

/** The seed that parts cells into those that train and those that are held out, the same for every training and run. */
export const SPLIT_SEED = 0;

export interface CellsProblem extends Problem {
  readonly params: CellsParams;
  readonly model: CellsModel;
  readonly data: TokenData;
  readonly split: Split;
  /** Of every item. */
  readonly labels: readonly CellLabels[];
  /** Of imputation: the cell of the data that each item is, and its genes with the hidden ones masked. */
  readonly known?: readonly { readonly cell: number; readonly tokens: Uint8Array<ArrayBuffer> }[];
}

/** Items of a run: as many as are asked for, of imputation at most those held out. */
export function itemCount({ task, cells }: CellsParams, data: TokenData): number {
  return task === 'impute' ? Math.min(cells, heldOut(data).heldOut.length) : cells;
}

export function heldOut({ cells }: TokenData): Split {
  return splitCells(cells, SPLIT_SEED, HELD_OUT_SHARE);
}

/** @throws ConfigError for a label that is not known, or a task that the model has not learned */
export function cellsProblem(
  params: CellsParams,
  model: CellsModel,
  data: TokenData,
  seed: number,
  name: string,
): CellsProblem {
  const count = itemCount(params, data);
  const split = heldOut(data);
  const items: ItemInfo[] = Array.from({ length: count }, (_, index) => ({
    index,
    runId: `cell_${String(index + 1).padStart(String(count).length, '0')}_s${(seed + index) >>> 0}`,
    // Wraps: a seed is a word of 32 bits.
    seed: (seed + index) >>> 0,
    truth: {},
  }));
  const known =
    params.task === 'impute'
      ? items.map(({ index, seed: own }) => {
          const cell = split.heldOut[index];
          const tokens = data.tokens.subarray(cell * data.genes.length, (cell + 1) * data.genes.length);
          return { cell, tokens: hideGenes(tokens, own, params.hidden, data.bins.count) };
        })
      : undefined;
  const labels = known ? labelsOfCells(model, data, known) : labelsOfItems(params, model, data, count, seed);
  checkLabelled(params, model, labels);
  return {
    params,
    model,
    data,
    split,
    labels,
    ...(known && { known }),
    items,
    parameters: [],
    notes: notes(params, model, data, name),
    warnings: concerns(params, model, data),
  };
}

function labelsOfCells(model: CellsModel, data: TokenData, known: readonly { readonly cell: number }[]): CellLabels[] {
  const { perturbation, cellType } = codesOfData(model, data);
  return known.map(({ cell }) => ({ perturbation: perturbation[cell], cellType: cellType[cell] }));
}

function notes({ task, cells }: CellsParams, model: CellsModel, data: TokenData, name: string): string[] {
  const kind = model.kind === 'network' ? `the network ${name}` : 'a mixture of independent genes fitted to the data';
  const count = itemCount({ task, cells } as CellsParams, data);
  return [
    `${data.genes.length} genes in ${data.bins.count} bins, predicted by ${kind}; data: ${data.source}.`,
    ...(task === 'impute' && count < cells
      ? [`${count} cells are held out from training, so ${count} are imputed, not ${cells}.`]
      : []),
  ];
}
