/** An AnnData file (`.h5ad`) as a table of counts. Layout: https://anndata.readthedocs.io/en/latest/fileformat-prose.html */
import { chooseMatrix, rawPath } from './choose-matrix.ts';
import type { Elements } from './elements.ts';
import { readFrame } from './frame.ts';
import { uniqueNames } from './names.ts';
import type { CountOptions, CountTable } from './types.ts';

export const isAnnData = (file: Elements) => file.at('obs') !== undefined || file.at('var') !== undefined;

/** @throws FileError, naming the element, for what is damaged, missing, or holds no counts */
export function readAnnData(file: Elements, options: Partial<CountOptions>): CountTable {
  const obs = readFrame(file, 'obs', true);
  const genes = readFrame(file, 'var', false).names;
  const raw = rawPath(file);
  const rawVar = raw === 'raw' ? 'raw/var' : 'raw.var';
  const rawGenes = file.at(rawVar) ? readFrame(file, rawVar, false).names : undefined;
  const sizes = { rows: obs.names.length, columns: genes.length, rawColumns: rawGenes?.length };
  const { path, matrix, done, warnings, matrices } = chooseMatrix(file, sizes, options.matrix || undefined);
  if (matrix.rows === 0 || matrix.columns === 0)
    throw file.refusal(
      `${path} holds ${matrix.rows} cells and ${matrix.columns} genes`,
      'Give a file with cells in it.',
    );
  const uniqueGenes = uniqueNames(path === 'raw/X' && rawGenes ? rawGenes : genes);
  const uniqueCells = uniqueNames(obs.names);
  return {
    cells: matrix.rows,
    genes: uniqueGenes.names,
    cellNames: uniqueCells.names,
    obs: obs.columns,
    matrix,
    source: { format: 'h5ad', matrix: path, done, matrices },
    warnings: [
      ...warnings,
      ...duplicates(uniqueGenes.changed, 'genes'),
      ...duplicates(uniqueCells.changed, 'cells'),
      ...obs.notRead.map(({ name, why }) => `obs/${name} was not read: it is ${why}.`),
    ],
  };
}

export function duplicates(changed: number, noun: string): string[] {
  return changed === 0 ? [] : [`${changed} ${noun} had a name that was there before, and got -1, -2 … behind it.`];
}
