/** The user's files that a shear run takes: stamps, and their true values. */
import { sameDirections } from '../../bundle/header-facts.ts';
import type { FileChoices } from '../../bundle/own-file.ts';
import { dataRole, truthRole } from '../data-roles.ts';
import { fileOf } from '../file-role.ts';
import type { RunInputs } from '../workload.ts';
import { IMAGE_AXES } from './image-axes.ts';
import { truthKeys } from './truth-values.ts';

const axes = [
  { value: 'pixel', label: 'Pixel axes' },
  { value: 'sky', label: 'Sky axes, by the header' },
];

const images = dataRole(
  'images',
  {
    label: 'Images',
    accept: ['.npy', '.npz', '.fits', '.fit'],
    flagHelp: 'your own stamps: .npy or FITS, [n, ny, nx]',
    help: 'A stack of stamps as NumPy .npy or .npz with one array (floats or integers, shape n × ny × nx) or FITS (an image, a cube, or equal images one a unit).',
    drop: '.npy or .fits stamps',
    options: [
      {
        name: IMAGE_AXES,
        label: 'Axes of the shears',
        help: 'axes of g1, g2 and their truths: pixel (the default), or sky, by the world coordinates of a FITS header',
        value: 'pixel|sky',
        values: axes,
      },
    ],
    example: { path: 'examples/stamps.fits', title: 'stamps', preset: 'quick' },
    preview: async (stack) => (await import('./stamp-preview.ts')).stampPreview(stack),
  },
  ({ header }): FileChoices =>
    header?.orientation && !sameDirections(header.orientation) ? { [IMAGE_AXES]: axes } : {},
);

const truth = truthRole(
  { header: 'g1,g2,x,y,seed', item: 'image' },
  {
    understood: (column) => column === 'seed' || truthKeys.some((key) => key === column),
    help: 'If you have it, a CSV with the true values, one row a stamp.',
    example: { path: 'examples/stamps-truth.csv', title: 'their truths', preset: 'quick' },
    counts: { as: images.role, todo: 'Give one row for every image; a run will be refused until then.' },
  },
);

export const shearFiles = [images, truth];

export const imagesOf = (inputs: RunInputs) => fileOf(inputs, images);
export const truthTableOf = (inputs: RunInputs) => fileOf(inputs, truth);
