/** What a table of samplers or precisions is about, and the cells that every row is held against. */
import type { ParamValues } from '../../params.ts';
import type { LoadedCells } from '../load.ts';
import type { CellMetricsInput, CellSet } from '../metrics/types.ts';
import { readCellsParams } from '../params.ts';
import { type CellsProblem, cellsProblem, heldOut } from '../problem.ts';
import type { TableHead } from './types.ts';

/** Cells of a row unless more are asked for, where so many are held out. */
const CELLS = 256;

export interface TableQuestion {
  readonly loaded: LoadedCells;
  readonly params: ParamValues;
  /** Base seed of a run. */
  readonly seed: number;
  /** Of every row; at most as many as are held out. */
  readonly cells?: number;
}

/** Whole cells with labels in the shares of the data: anything else would be compared with other cells than it is like. */
export function tableParams({ params, ...question }: TableQuestion): ParamValues {
  return { ...params, task: 'generate', perturbation: '', cellType: '', cells: cellsOfRow(question) };
}

function cellsOfRow({ loaded, cells = CELLS }: Pick<TableQuestion, 'loaded' | 'cells'>): number {
  return Math.min(cells, heldOut(loaded.data).heldOut.length);
}

export function tableProblem({ loaded, seed }: TableQuestion, params: ParamValues, offset = 0): CellsProblem {
  const { model, data, name } = loaded;
  // Wraps: a seed is a word of 32 bits.
  return cellsProblem(readCellsParams(params), model, data, (seed + offset) >>> 0, name);
}

export function tableHead(question: TableQuestion, on: string): TableHead {
  const { model, name } = question.loaded;
  return {
    cells: cellsOfRow(question),
    genes: model.genes.length,
    seed: question.seed,
    predictor: model.kind === 'network' ? `Network ${name}` : 'Mixture',
    on,
  };
}

/**
 * Those tokens against held-out cells, as many; floor and baselines come from training cells.
 * @param tokens [cells][genes]; without them those of the held-out cells themselves, where only what stands beside is asked for
 */
export function tableInput(question: TableQuestion, tokens?: Uint8Array): CellMetricsInput {
  const { data } = question.loaded;
  const { heldOut: real, training } = heldOut(data);
  const { genes, bins } = data;
  const rows = (cells: Uint32Array): CellSet => {
    const chosen = new Uint8Array(cells.length * genes.length);
    cells.forEach((cell, i) => {
      chosen.set(data.tokens.subarray(cell * genes.length, (cell + 1) * genes.length), i * genes.length);
    });
    return { tokens: chosen };
  };
  const held = rows(real);
  return {
    genes,
    bins,
    generated: tokens ? { tokens } : held,
    real: held,
    training: rows(training),
    seed: question.seed,
    cells: cellsOfRow(question),
  };
}
