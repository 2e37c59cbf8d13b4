/** A loom file: `matrix` genes × cells, dense, with names in `row_attrs` and `col_attrs`. https://linnarssonlab.org/loompy/format/ */
import { columnOf, type NotRead } from './column.ts';
import type { Elements } from './elements.ts';
import { duplicates } from './h5ad.ts';
import { rowsOf } from './matrix.ts';
import { uniqueNames } from './names.ts';
import { sparseCounts } from './sparse-counts.ts';
import { requireCounts } from './ten-x.ts';
import type { Column, CountTable } from './types.ts';

const GENES = ['Gene', 'gene_names', 'Accession', 'var_names'];
const CELLS = ['CellID', 'obs_names', 'cell_names'];

export const isLoom = (file: Elements) => file.dataset('matrix') !== undefined && file.group('row_attrs') !== undefined;

/** @throws FileError, naming the element, for what is damaged or missing, and for values that are no counts */
export function readLoom(file: Elements): CountTable {
  const geneNames = namesOf(file, 'row_attrs', GENES);
  const cellNames = namesOf(file, 'col_attrs', CELLS);
  const [columns, rows] = file.array('matrix', 2).shape;
  if (columns !== geneNames.names.length || rows !== cellNames.names.length)
    throw file.refusal(
      `matrix has the shape ${columns} × ${rows}, and there are ${geneNames.names.length} genes and ${cellNames.names.length} cells`,
    );
  if (rows === 0 || columns === 0) throw file.refusal('matrix holds nothing', 'Give a file with cells in it.');
  // Twice through: how many a cell has, then which.
  const starts = new Uint32Array(rows + 1);
  for (const { from, values } of rowsOf(file, 'matrix')) {
    requireCounts(file, 'matrix', from * rows, values);
    for (let i = 0; i < values.length; i++) if (values[i] !== 0) starts[(i % rows) + 1]++;
  }
  for (let row = 0; row < rows; row++) starts[row + 1] += starts[row];
  const next = starts.slice(0, rows);
  const place = new Uint32Array(starts[rows]);
  const counts = new Float64Array(starts[rows]);
  for (const { from, values } of rowsOf(file, 'matrix'))
    for (let i = 0; i < values.length; i++) {
      if (values[i] === 0) continue;
      const at = next[i % rows]++;
      place[at] = from + Math.floor(i / rows);
      counts[at] = values[i];
    }
  const genes = uniqueNames(geneNames.names);
  const cells = uniqueNames(cellNames.names);
  const obs: Column[] = [];
  const notRead: NotRead[] = [];
  for (const name of file.names('col_attrs')) {
    if (name === cellNames.at) continue;
    const column = columnOf(file, 'col_attrs', name, rows);
    if ('kind' in column) obs.push(column);
    else notRead.push(column);
  }
  return {
    cells: rows,
    genes: genes.names,
    cellNames: cells.names,
    obs,
    matrix: sparseCounts({ rows, columns, starts, columnOf: place }, counts),
    source: { format: 'loom', matrix: 'matrix', done: [], matrices: ['matrix'] },
    warnings: [
      ...duplicates(genes.changed, 'genes'),
      ...duplicates(cells.changed, 'cells'),
      ...notRead.map(({ name, why }) => `col_attrs/${name} was not read: it is ${why}.`),
    ],
  };
}

function namesOf(file: Elements, group: string, usual: readonly string[]) {
  const at = usual.find((name) => file.isText(`${group}/${name}`));
  if (at === undefined)
    throw file.refusal(
      `${group} has none of ${usual.join(', ')}`,
      `Write the file again with names in ${group}/${usual[0]}.`,
    );
  return { at, names: file.texts(`${group}/${at}`) };
}
