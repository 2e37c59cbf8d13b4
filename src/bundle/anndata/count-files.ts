/** Ends of names of files that are read as counts, lower case. It stands alone: roles list it before anything is loaded. */
export const COUNT_FILES = [
  '.h5ad',
  '.h5',
  '.hdf5',
  '.loom',
  '.mtx',
  '.mtx.gz',
  '.zip',
  '.tar',
  '.tar.gz',
  '.tgz',
] as const;
