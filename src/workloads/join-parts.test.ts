import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { dataRole } from './cells/files/data-role.ts';
import type { FileRole } from './file-role.ts';
import { flowFiles } from './flow/files.ts';
import { archiveOf, roleOfParts } from './join-parts.ts';

const part = (name: string, text: string) => ({ name, bytes: async () => new TextEncoder().encode(text) });
// Of different inputs: what a host has, too.
const roles = [...flowFiles, dataRole] as unknown as readonly FileRole[];

test('two parts of one are its role’s, whole files are nobody’s parts', () => {
  expect(roleOfParts(roles, ['matrix.mtx.gz', 'barcodes.tsv.gz', 'features.tsv.gz'])).toBe(dataRole);
  expect(roleOfParts(roles, ['GSM1_matrix.mtx', 'GSM1_genes.tsv'])).toBe(dataRole);
  for (const names of [['matrix.mtx'], ['a.h5ad', 'b.h5ad'], ['x.csv', 'truth.csv'], []])
    expect(roleOfParts(roles, names)).toBeUndefined();
});

test('an archive of equal parts is equal, in whatever order they come', async () => {
  const [a, b] = [part('a.mtx', 'x'), part('b.tsv', 'y')];
  const bytes = await archiveOf([a, b]);
  expect(await archiveOf([b, a])).toEqual(bytes);
  expect(Object.keys(unzipSync(bytes))).toEqual(['a.mtx', 'b.tsv']);
});
