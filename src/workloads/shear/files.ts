/** The user's files that a shear run takes: stamps, and their true values. */
import { dataRole, truthRole } from '../data-roles.ts';
import { fileOf } from '../file-role.ts';
import type { RunInputs } from '../workload.ts';

const images = dataRole('images', {
  label: 'Images',
  accept: ['.npy', '.fits', '.fit'],
  flagHelp: 'your own stamps: .npy or FITS, [n, ny, nx]',
  help: 'A stack of stamps as NumPy .npy (float32 or float64, shape n × ny × nx) or FITS (an image or a cube).',
  drop: '.npy or .fits stamps',
  note: 'These images are fitted instead of simulated ones: settings of the truth and the number of items do not count. Profile, PSF, pixel scale and noise must be those of your images.',
});

/** Columns of a table of truths. */
export const TRUTH_KEYS = ['g1', 'g2', 'x', 'y', 'flux', 'hlr', 'e1', 'e2'];

const truth = truthRole({
  understood: (column) => column === 'seed' || TRUTH_KEYS.includes(column),
  help: 'If you have it, a CSV with the true values, one row a stamp.',
  counts: { as: images.role, todo: 'Give one row for every image; a run will be refused until then.' },
});

export const shearFiles = [images, truth];

export const imagesOf = (inputs: RunInputs) => fileOf(inputs, images);
export const truthTableOf = (inputs: RunInputs) => fileOf(inputs, truth);
