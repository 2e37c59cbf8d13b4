/** Names of files that are read as counts. It stands alone: roles know it before anything is loaded. */

/** Ends of names, lower case. Of "x.mtx.gz" file choosers look at the last end alone; `.tsv` are names that belong to a matrix. */
export const COUNT_FILES = ['.h5ad', '.h5', '.hdf5', '.loom', '.mtx', '.gz', '.zip', '.tar', '.tgz', '.tsv'] as const;

export const MATRIX_PART = /\.mtx(\.gz)?$/i;
export const CELLS_PART = /(barcodes|cell_?names|colnames)\.(tsv|csv|txt)(\.gz)?$/i;
export const GENES_PART = /(features|genes|gene_?names|rownames)\.(tsv|csv|txt)(\.gz)?$/i;

/** Whether a file of that name holds a matrix, or names that belong to one. */
export function isCountPart(name: string): boolean {
  return [MATRIX_PART, CELLS_PART, GENES_PART].some((part) => part.test(name));
}
