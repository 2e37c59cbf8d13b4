/** The user's counts, in the place of the data that ship: from files of single-cell work. */
import { COUNT_FILES, isCountPart } from '../../../bundle/anndata/count-files.ts';
import type { FileRole } from '../../file-role.ts';
import type { DataInput } from './data-input.ts';

export const dataRole: FileRole<DataInput> = {
  role: 'data',
  label: 'Data',
  accept: COUNT_FILES,
  isPart: isCountPart,
  flagHelp: 'your own cells: .h5ad, 10x .h5, .mtx, or a .zip or .tar.gz of matrix, barcodes and features',
  help: 'Counts of genes in cells: an .h5ad of anndata with counts in layers["counts"], raw or X; the .h5 of Cell Ranger; a .loom; or a .mtx, with its barcodes and features dropped together, or all in a .zip or .tar.gz.',
  drop: 'an .h5ad, a 10x .h5 or a .mtx of counts',
  replaces: { noun: 'data', shipped: 'the data that ship', params: [] },
  example: { path: 'examples/regulatory.h5ad', title: 'simulated cells', preset: 'generate' },
  options: [
    {
      name: 'matrix',
      label: 'Matrix',
      help: 'the element that holds the counts: X, raw/X, layers/…, or a file of an archive',
      value: 'path',
    },
    {
      name: 'perturbation-column',
      label: 'Perturbations',
      help: 'the column of obs that says how a cell was perturbed, or none',
      value: 'name',
    },
    {
      name: 'control-label',
      label: 'Control',
      help: 'the label of cells that were not perturbed, or none',
      value: 'label',
    },
    {
      name: 'cell-type-column',
      label: 'Cell types',
      help: 'the column of obs that says what type a cell is of, or none',
      value: 'name',
    },
  ],
  async read(name, bytes, options) {
    return (await import('./read-data.ts')).readData(name, bytes, options);
  },
  preview: async (input) => (await import('./data-preview.ts')).dataPreview(input),
};
