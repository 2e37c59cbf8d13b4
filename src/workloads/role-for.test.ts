/** Which role a dropped file is given, and what hosts may rely on in the roles of every experiment. */
import { expect, it, test } from 'vitest';
import { experiments } from './catalog.ts';
import { flowFiles } from './flow/files.ts';
import { roleFor } from './role-for.ts';
import { shearFiles } from './shear/files.ts';

test.each([
  ['shear', shearFiles, 'stamps.npy', '', 'images'],
  ['shear', shearFiles, 'STAMPS.FITS', '', 'images'],
  ['shear', shearFiles, 'truth.csv', '0.1,0.2\n', 'truth'],
  ['shear', shearFiles, 'net.safetensors', '', 'images'],
  ['flow', flowFiles, 'x.npy', '', 'images'],
  ['flow', flowFiles, 'x.csv', '1,2\n', 'images'],
  ['flow', flowFiles, 'x.csv', 'a,b\ntheta_1,1\n', 'images'],
  ['flow', flowFiles, 'x.CSV', '\uFEFFindex,"theta_1"\n', 'truth'],
  ['flow', flowFiles, 'x.txt', '# made by hand\n# Theta_1 theta_2\n1 2\n', 'truth'],
  ['flow', flowFiles, 'x.tsv', '\uFFFD\uFFFDt\0h\0e\0t\0a\0_\x001\0\t\0b\0\n\0', 'truth'],
  ['flow', flowFiles, 'x.npz', '', 'images'],
  ['flow', flowFiles, 'net.safetensors', '', 'network'],
] as const)('%s: %o', (_, roles, name, head, role) => {
  expect(roleFor(roles, name, head)?.role).toBe(role);
});

it('has none for an experiment that takes no files', () => {
  expect(roleFor([], 'x.npy', '')).toBeUndefined();
});

/** What else run.json's `ran` holds, and flags that all experiments have. */
const TAKEN =
  /^(version|mode|cpu|items|chunk|chunkSource|memoryClass|sizes|shape|loaded|rescues|faults|parameters|notes|warnings|workload|preset|config|seed|base-seed|precision|size|backend|quiet|resume|output-dir|metrics|price|csv|markdown)$/;

test.each(experiments)(
  'the files of $id have names of their own, and go with such as come before them',
  ({ files, params }) => {
    const roles = files.map(({ role }) => role);
    expect(new Set(roles).size).toBe(roles.length);
    for (const [at, { role, accept, counts, replaces }] of files.entries()) {
      expect(role).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(role).not.toMatch(TAKEN);
      expect(accept.every((end) => /^\.[a-z0-9]+$/.test(end))).toBe(true);
      if (counts) expect(roles.indexOf(counts.as)).toBeLessThan(at);
      for (const key of replaces?.params ?? []) expect(params.some((spec) => spec.key === key)).toBe(true);
    }
  },
);
