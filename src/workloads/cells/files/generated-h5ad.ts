/** The cells of a run as counts in an AnnData file, for scanpy and whatever else of the field. */

import { defaultSizes } from '../../../batch/sizes.ts';
import { labelColumn } from '../../../bundle/anndata/names.ts';
import { gatherCounts } from '../../../bundle/anndata/sparse-counts.ts';
import type { Column } from '../../../bundle/anndata/types.ts';
import { type AnnDataFile, annDataPieces, type UnsValue } from '../../../bundle/anndata/write-h5ad.ts';
import type { FileEntry } from '../../../bundle/types.ts';
import type { FinishedRun } from '../../../results/kind.ts';
import type { TokenItem } from '../../../results/tokens/item.ts';
import { binHistogram, countsOfTokens } from '../data/counts-from-bins.ts';
import type { CellsProblem } from '../problem.ts';

export const GENERATED = 'generated.h5ad';

/** Streamed: counts are drawn when they are written, so they take no memory of their own. */
export function generatedH5ad(problem: CellsProblem, run: FinishedRun<TokenItem>): FileEntry {
  const sizes = { together: defaultSizes['cells.h5adTogether'], pieceBytes: run.pieceBytes };
  return { path: GENERATED, make: () => ({ path: GENERATED, pieces: annDataPieces(annDataOf(problem, run), sizes) }) };
}

export function annDataOf(
  problem: CellsProblem,
  { items, precision, title, appVersion }: FinishedRun<TokenItem>,
): AnnDataFile {
  const { model, data, split, known } = problem;
  const width = model.genes.length;
  const histogram = binHistogram(data, split.training);
  // Each cell has a seed of its own, so its counts are the same whatever cells are finished.
  const countsOf = ({ info, tokens }: TokenItem) => {
    const counts = countsOfTokens(histogram, model.bins, tokens, { genes: width, seed: info.seed });
    const start = known?.[info.index];
    if (start) {
      const own = gatherCounts(data.counts, [...data.genes.keys()], [start.cell]);
      for (let gene = 0; gene < width; gene++) if (start.tokens[gene] < model.bins.count) counts[gene] = own[gene];
    }
    return counts;
  };
  const rows = <T extends Uint8Array | Uint32Array>(
    all: T,
    first: number,
    count: number,
    of: (item: TokenItem) => T,
  ) => {
    items.slice(first, first + count).forEach((item, at) => {
      all.set(of(item), at * width);
    });
    return all;
  };
  return {
    cellNames: items.map(({ info }) => info.runId),
    genes: model.genes,
    obs: obsOf(items),
    counts: (first, count) => rows(new Uint32Array(count * width), first, count, countsOf),
    layers: {
      bins: (first, count) => rows(new Uint8Array(count * width), first, count, ({ tokens }) => tokens),
      // Of imputation: 1 where a gene was hidden and is predicted, 0 where it is the cell's own.
      ...(known && {
        hidden: (first: number, count: number) =>
          rows(new Uint8Array(count * width), first, count, ({ info }) =>
            known[info.index].tokens.map((token) => Number(token === model.bins.count)),
          ),
      }),
    },
    uns: { lockstep: told(problem, { precision, title, appVersion }) },
    timeMs: 0,
  };
}

/** Labels and numbers of the items, and what each one's random numbers hang on. */
function obsOf(items: readonly TokenItem[]): Column[] {
  const names = [...new Set(items.flatMap(({ attributes }) => Object.keys(attributes)))];
  const columns = names.map((name): Column => {
    const values = items.map(({ attributes }) => attributes[name]);
    if (values.some((value) => typeof value === 'string'))
      return labelColumn(
        name,
        values.map((value) => (value === undefined ? undefined : String(value))),
      );
    return { kind: 'numbers', name, values: Float64Array.from(values, (value) => Number(value ?? Number.NaN)) };
  });
  const numbers = (name: string, of: (item: TokenItem) => number): Column => ({
    kind: 'numbers',
    name,
    values: Float64Array.from(items, of),
  });
  return [...columns, numbers('item', ({ info }) => info.index), numbers('seed', ({ info }) => info.seed)];
}

/** `uns/lockstep`: how the cells came about. */
function told(
  { params, model, data }: CellsProblem,
  run: Pick<FinishedRun, 'precision' | 'title' | 'appVersion'>,
): Record<string, UnsValue> {
  const { task, rule, schedule, steps, temperature, guidance, denoise } = params;
  return {
    program: `Lockstep ${run.appVersion}`,
    ...{ task, sampler: rule, schedule, steps, temperature, guidance, denoise },
    predictor: model.kind,
    precision: run.precision,
    source: data.source,
    bins: model.bins.kind,
    // The least count of each bin.
    ...(model.bins.edges && { edges: Int32Array.from(model.bins.edges) }),
    ...(data.control !== undefined && { control: data.control }),
  };
}
