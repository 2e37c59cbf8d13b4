/** Rows of tables and their slopes, and kernels over lists of numbers, with their constants, buffers and workgroups. */
import type { StepKernel } from '../training/training.ts';
import { narrowed, present } from './bound-rows.ts';
import { type Bound, inWords, kernelOf, type Narrow, partsOf, type TensorSizes } from './kernels.ts';

/** `table_rows.wgsl`. @param packed the tables are in the narrow storage */
export function tableRowsKernel(
  sizes: TensorSizes,
  { rows, width, genes }: { readonly rows: number; readonly width: number; readonly genes: number },
  b: { readonly table: Bound; readonly index: Bound; readonly y: Bound; readonly places?: Bound },
  narrow: Narrow,
  packed: boolean,
): StepKernel {
  return kernelOf('table_rows', sizes, (rows * width) / 4, present([b.table, b.index, b.y, b.places]), {
    conditions: { ...narrowed(narrow, packed), positions: b.places !== undefined },
    constants: { ROWS: inWords(rows), WIDTH4: inWords(width / 4), GENES: inWords(genes) },
  });
}

/** `table_gradient.wgsl`: by `index` in `partsOf` parts, or without it by place in one. @param scattered for tables of many entries; by index */
export function tableGradientKernel(
  sizes: TensorSizes,
  { rows, entries, width, genes }: { rows: number; entries: number; width: number; genes: number },
  b: { readonly index?: Bound; readonly dy: Bound; readonly parts: Bound; readonly place: Bound },
  scattered = false,
): StepKernel {
  const positions = b.index === undefined;
  const splits = positions ? 1 : partsOf(sizes, rows);
  const columns = (width / 4) * splits;
  const count = scattered ? columns : entries * columns;
  return kernelOf('table_gradient', sizes, count, present([b.index, b.dy, b.parts, b.place]), {
    conditions: { positions, scattered },
    constants: {
      ROWS: inWords(rows),
      ENTRIES: inWords(entries),
      WIDTH4: inWords(width / 4),
      GENES: inWords(genes),
      SPLITS: inWords(splits),
    },
  });
}

/** `silu.wgsl`. */
export function siluKernel(
  sizes: TensorSizes,
  numbers: number,
  { x, y }: { readonly x: Bound; readonly y: Bound },
  backward: boolean,
): StepKernel {
  const constants = { LENGTH4: inWords(numbers / 4) };
  return kernelOf('silu', sizes, numbers / 4, { 0: x, 1: y }, { conditions: { backward }, constants });
}

/** `time_features.wgsl`. */
export function timeFeaturesKernel(
  sizes: TensorSizes,
  { cells, features }: { readonly cells: number; readonly features: number },
  { sigma, frequencies, y }: { readonly sigma: Bound; readonly frequencies: Bound; readonly y: Bound },
): StepKernel {
  const constants = { CELLS: inWords(cells), FEATURES: inWords(features) };
  return kernelOf('time_features', sizes, (cells * features) / 2, { 0: sigma, 1: frequencies, 2: y }, { constants });
}

/** Sums of `run` numbers each: `run_sums.wgsl`. */
export function runSumsKernel(
  sizes: TensorSizes,
  { sums, run }: { readonly sums: number; readonly run: number },
  { x, y }: { readonly x: Bound; readonly y: Bound },
): StepKernel {
  const constants = { SUMS: inWords(sums), RUN: inWords(run) };
  return kernelOf('run_sums', sizes, sums, { 0: x, 1: y }, { constants });
}
