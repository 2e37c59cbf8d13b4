/** What the worker holds of the user's own files. */
import { expect, test } from 'vitest';
import { encodeNpy } from '../bundle/npy.ts';
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
