/** The cells that ship: made again to the byte, small, and what they are said to be. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { shippedTokens } from '../../src/workloads/cells/data/shipped.ts';
import { setShippedFiles } from '../../src/workloads/shipped-files.ts';
import { root } from '../locate.mjs';
import { shippedCells } from './shipped.ts';

const read = (path: string) => new Uint8Array(readFileSync(join(root, 'public', path)));

test('the script makes the cells that ship again, byte for byte', async () => {
  const made = await shippedCells();
  expect(Object.keys(made)).toEqual(readdirSync(join(root, 'public/cells')).map((name) => `cells/${name}`));
  for (const [path, bytes] of Object.entries(made)) {
    expect(read(path), path).toEqual(bytes);
    expect(bytes.length).toBeLessThan(150_000);
  }
});

test('they become tokens with perturbations, types and a control', async () => {
  setShippedFiles(async (path) => read(path));
  const data = await shippedTokens();
  expect([data.cells, data.genes.length, data.bins.count]).toEqual([3000, 64, 16]);
  expect(data.perturbation?.names).toHaveLength(7);
  expect(data.cellType?.names).toHaveLength(3);
  expect(data.control).toBe('control');
  setShippedFiles(async () => undefined);
  await expect(shippedTokens()).rejects.toThrow('are not there (cells/regulatory.npz)');
});
