/** What the worker holds of the user's own files. */
import { expect, test } from 'vitest';
import { encodeNpy } from '../bundle/npy.ts';
import { concat, imageUnit } from '../bundle/test-support/fits.ts';
import { ownFiles } from '../engine/config/own-files.ts';
import { flowExperiment } from '../workloads/flow/experiment.ts';
import { shearExperiment } from '../workloads/shear/experiment.ts';
import { FileOwner } from './file-owner.ts';

const npy = (shape: number[]) =>
  encodeNpy(new Float32Array(shape.reduce((product, length) => product * length, 1)), shape).buffer;

test.each([
  ['rows', [3, 2], { count: 3, what: '3 rows of 2 numbers' }],
  ['rows', [3, 2, 1], { count: 3, what: '3 observations of 2 numbers' }],
  ['rows', [3, 4, 5], { count: 3, what: '3 observations of 4 × 5 numbers' }],
  ['images', [3, 2], { count: 1, what: '1 image of 3 × 2 pixels' }],
  ['images', [3, 4, 5], { count: 3, what: '3 images of 4 × 5 pixels' }],
] as const)('an array of %s of shape %j is called what it is', async (kind, shape, said) => {
  const experiment = kind === 'rows' ? flowExperiment : shearExperiment;
  expect(await new FileOwner().load(experiment, 'images', 'mine.npy', npy([...shape]))).toMatchObject(said);
});

const bytes = (text: string) => new TextEncoder().encode(text).buffer as ArrayBuffer;

test('a file that is taken away leaves nothing behind that a checkpoint would write', async () => {
  const files = new FileOwner();
  await files.load(flowExperiment, 'images', 'observations.csv', bytes('1,2\n3,4\n'));
  await files.load(flowExperiment, 'truth', 'truth.csv', bytes('g1,g2\n0.1,0.2\n0.3,0.4\n'));
  expect(Object.keys(files.blobs('flow'))).toEqual(['images', 'truth']);
  files.clear('flow', 'truth');
  expect(Object.keys(files.blobs('flow'))).toEqual(['images']);
  expect(Object.keys(files.inputs('flow').files!)).toEqual(['images']);
});

test('a file is held for the runs of its experiment alone, which must have its role', async () => {
  const files = new FileOwner();
  await files.load(flowExperiment, 'images', 'observations.csv', bytes('1,2\n3,4\n'));
  expect(files.inputs('shear')).toEqual({ files: {} });
  expect(files.blobs('shear')).toEqual({});
  const network = files.load(shearExperiment, 'network', 'mine.safetensors', bytes('a network'));
  await expect(network).rejects.toThrow('Shear takes no such file');
  files.clear('shear', 'images');
  expect(Object.keys(files.blobs('flow'))).toEqual(['images']);
});

test('a file is read again with another choice about it, which its runs and its checkpoint know', async () => {
  const files = new FileOwner();
  const sky = { CTYPE1: 'RA---TAN', CTYPE2: 'DEC--TAN', CD1_1: -0.1 / 3600, CD1_2: 0, CD2_1: 0, CD2_2: 0.1 / 3600 };
  const fits = concat(imageUnit(new Float32Array(64), [8, 8], sky, true)).buffer;
  const read = await files.load(shearExperiment, 'images', 'm.fits', fits);
  const values = ['pixel', 'sky'].map((value) => expect.objectContaining({ value }));
  expect(read).toMatchObject({ choices: { 'image-axes': values }, options: undefined });
  const chosen = await files.choose(shearExperiment, 'images', { 'image-axes': 'sky' });
  expect(chosen).toEqual({ ...read, options: { 'image-axes': 'sky' } });
  expect(files.inputs('shear').files?.images?.options).toEqual({ 'image-axes': 'sky' });
  expect(ownFiles(shearExperiment, files.inputs('shear').files)).toEqual({
    images: { name: 'm.fits', sha256: read.sha256, options: { 'image-axes': 'sky' } },
  });
  files.clear('shear', 'images');
  await expect(files.choose(shearExperiment, 'images', {})).rejects.toThrow('no such file any more');
});
