/**
 * The `.h5` of 10x Genomics' Cell Ranger: version 3 has `matrix/features`, versions 1 and 2 a group a genome. Stored by barcode, so rows are
 * cells as they stand. https://www.10xgenomics.com/support/software/cell-ranger/latest/analysis/outputs/cr-outputs-h5-matrices
 */
import { choicesOf } from './choose-matrix.ts';
import type { Elements, Numbers } from './elements.ts';
import { duplicates } from './h5ad.ts';
import { requirePlaces, sortRows } from './load-matrix.ts';
import { entriesOf, piecesOf, startsOf } from './matrix.ts';
import { uniqueNames } from './names.ts';
import { LARGEST_COUNT, sparseCounts } from './sparse-counts.ts';
import type { CountOptions, CountTable } from './types.ts';

/** The kind of feature that is a gene's count; others are antibodies, guides, peaks. */
export const GENE_EXPRESSION = 'Gene Expression';

/** Groups that hold a matrix of 10x. */
export function tenXGroups(file: Elements): readonly string[] {
  return file.names('').filter((name) => ['barcodes', 'indptr'].every((child) => file.dataset(`${name}/${child}`)));
}

/** @throws FileError, naming the element, for what is damaged or missing */
export function readTenX(file: Elements, groups: readonly string[], options: Partial<CountOptions>): CountTable {
  const wanted = options.matrix || undefined;
  if (wanted !== undefined && !groups.includes(wanted))
    throw file.refusal(`there is no matrix ${wanted}`, `Name one of ${groups.join(', ')}.`, choicesOf(groups));
  if (wanted === undefined && groups.length > 1)
    throw file.refusal(
      `it holds several genomes: ${groups.join(', ')}`,
      'Say which one is meant (matrix).',
      choicesOf(groups),
    );
  const group = wanted ?? groups[0];
  const cellNames = file.texts(`${group}/barcodes`);
  const features = featuresOf(file, group);
  const [rows, columns] = [cellNames.length, features.names.length];
  const shape = Array.from(file.numbers(`${group}/shape`));
  if (shape.length !== 2 || shape[0] !== columns || shape[1] !== rows)
    throw file.refusal(
      `${group}/shape is ${shape.join(' × ')}, and there are ${columns} features and ${rows} barcodes`,
    );
  const entries = entriesOf(file, group);
  const starts = Uint32Array.from(startsOf(file, `${group}/indptr`, rows, entries));
  const columnOf = new Uint32Array(entries);
  for (const { from, values } of piecesOf(file, `${group}/indices`)) {
    requirePlaces(file, `${group}/indices`, from, values, columns);
    columnOf.set(values, from);
  }
  const values = new Float64Array(entries);
  for (const { from, values: some } of piecesOf(file, `${group}/data`)) {
    requireCounts(file, `${group}/data`, from, some);
    values.set(some, from);
  }
  sortRows(file, group, { rows, columns, starts, columnOf, values });
  return tenXTable({ rows, columns, starts, columnOf }, values, features, cellNames, '10x h5', group, groups, (what) =>
    file.refusal(what, 'Give the matrix of a gene expression library.'),
  );
}

export interface Features {
  readonly names: readonly string[];
  /** Kinds of features, where the file says them. */
  readonly types?: readonly string[];
}

function featuresOf(file: Elements, group: string): Features {
  const old = file.dataset(`${group}/genes`);
  const path = old ? `${group}/gene_names` : `${group}/features/name`;
  const [names, ids] = [file.texts(path), file.texts(old ? `${group}/genes` : `${group}/features/id`)];
  const types =
    !old && file.dataset(`${group}/features/feature_type`) ? file.texts(`${group}/features/feature_type`) : undefined;
  if (ids.length !== names.length || (types && types.length !== names.length))
    throw file.refusal(
      `${path} has ${names.length} values, and the other columns of the features have ${(types ?? ids).length}`,
    );
  return { names: names.map((name, i) => name || ids[i]), ...(types && { types }) };
}

/** The table of a matrix of 10x, of its genes alone. */
export function tenXTable(
  shape: Parameters<typeof sparseCounts>[0],
  values: ArrayLike<number>,
  { names, types }: Features,
  barcodes: readonly string[],
  format: CountTable['source']['format'],
  matrix: string,
  matrices: readonly string[],
  refusal: (what: string) => Error,
): CountTable {
  const isGene = names.map((_, i) => !types || types[i] === GENE_EXPRESSION);
  const kept = names.filter((_, i) => isGene[i]);
  if (kept.length === 0 || shape.rows === 0)
    throw refusal(`it holds ${shape.rows} cells and ${kept.length} features of the type ${GENE_EXPRESSION}`);
  let next = 0;
  const places = Int32Array.from(isGene, (gene) => (gene ? next++ : -1));
  const genes = uniqueNames(kept);
  const cells = uniqueNames(barcodes);
  const left = names.length - kept.length;
  return {
    cells: shape.rows,
    genes: genes.names,
    cellNames: cells.names,
    obs: [],
    matrix: sparseCounts(shape, values, left > 0 ? { places, columns: kept.length } : undefined),
    source: { format, matrix, done: [], matrices: [matrix, ...matrices.filter((each) => each !== matrix)] },
    warnings: [
      ...(left > 0 ? [`${left} features of other types than ${GENE_EXPRESSION} were left out.`] : []),
      ...duplicates(genes.changed, 'genes'),
      ...duplicates(cells.changed, 'cells'),
    ],
  };
}

export function requireCounts(file: Elements, path: string, from: number, values: Numbers): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value >= 0 && value <= LARGEST_COUNT && Number.isInteger(value)) continue;
    throw file.refusal(
      `${path} holds ${value} at ${from + i} (counted from 0), which is no count`,
      'Give the matrix of counts as it was made, not one that was normalised.',
    );
  }
}
