/** What the values of a file are called: pixels of images, or numbers of observations. */

/** What an experiment takes a file of data to be. */
export type DataKind = 'images' | 'rows';

export interface DataWords {
  /** Many values. */
  readonly values: string;
  /** What is wrong with an array of another number of axes, and what to save instead. */
  readonly axes: string;
  readonly saveAxes: string;
  /** What to save where there is nothing. */
  readonly saveSome: string;
  /** What a file of no known format is not, and what to give. */
  readonly unknown: string;
  readonly give: string;
  /** Where value `at` of an array of this shape lies, counted from 0. */
  place(shape: readonly number[], at: number): string;
  readonly replace: string;
  /** What was read, e.g. "64 images of 48 × 48 pixels". */
  count(n: number, ny: number, nx: number): string;
}

const counted = (n: number, one: string) => `${n} ${one}${n === 1 ? '' : 's'}`;

const images: DataWords = {
  values: 'pixels',
  axes: 'is neither an image (ny × nx) nor a stack (n × ny × nx)',
  saveAxes: 'Save an array with 2 or 3 axes.',
  saveSome: 'Save at least one image.',
  unknown: 'neither a NumPy array nor a FITS image (its first bytes match neither)',
  give: 'Give a .npy array of shape n × ny × nx, or a .fits image.',
  place(shape, at) {
    const [ny, nx] = shape.slice(-2);
    return `image ${Math.floor(at / (ny * nx))}, row ${Math.floor(at / nx) % ny}, column ${at % nx}`;
  },
  replace: 'Replace or cut them out: masks are not supported.',
  count: (n, ny, nx) => `${counted(n, 'image')} of ${ny} × ${nx} pixels`,
};

const rows: DataWords = {
  values: 'values',
  axes: 'does not say which numbers belong to which observation',
  saveAxes: 'Save an array of shape n × numbers, one row an observation; np.atleast_2d makes one row of a single one.',
  saveSome: 'Save at least one observation.',
  unknown:
    'neither a NumPy array nor a table (its first bytes are not those of .npy, its name does not end in .csv, .tsv, .txt or .dat)',
  give: 'Give a .npy array of shape n × numbers, or a .csv with one row an observation.',
  place([, ...each], at) {
    const size = each.reduce((product, length) => product * length, 1);
    return `observation ${Math.floor(at / size)}, number ${at % size}`;
  },
  replace: 'Replace them, or leave out these observations.',
  // An array of two axes was read as one image; some programs add a third of length 1.
  count: (n, ny, nx) =>
    n === 1 && nx > 1
      ? `${counted(ny, 'row')} of ${nx} numbers`
      : `${counted(n, 'observation')} of ${nx === 1 ? counted(ny, 'number') : `${ny} × ${nx} numbers`}`,
};

export const dataWords: Readonly<Record<DataKind, DataWords>> = { images, rows };
