/** What the worker holds of the user's own files. */
import { expect, test } from 'vitest';
import { FileOwner } from './file-owner.ts';

const bytes = (text: string) => new TextEncoder().encode(text).buffer as ArrayBuffer;

test('a file that is taken away leaves nothing behind that a checkpoint would write', async () => {
  const files = new FileOwner();
  await files.load('images', 'observations.csv', bytes('1,2\n3,4\n'));
  await files.load('truth', 'truth.csv', bytes('g1,g2\n0.1,0.2\n0.3,0.4\n'));
  expect(Object.keys(files.held.blobs)).toEqual(['images', 'truth']);
  files.clear('truth');
  expect(Object.keys(files.held.blobs)).toEqual(['images']);
  expect(Object.keys(files.held.inputs)).toEqual(['images']);
});
