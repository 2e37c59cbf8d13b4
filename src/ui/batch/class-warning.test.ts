import { expect, test } from 'vitest';
import { classWarning } from './class-warning.ts';

const GIB = 1024 ** 3;
const software = { software: true, vendor: 'google', limits: {} };
const discrete = { software: false, vendor: 'nvidia', limits: { maxBufferSize: 2 * GIB } };

test('a class far from the guess is warned of with the values that differ', () => {
  expect(classWarning('80GB', software, 'shear')).toBe(
    'Far from what the adapter looks like (Software: the CPU plays the GPU): posteriors in a chunk 2,048 instead of 64, threads per chain 32 instead of 1.',
  );
  expect(classWarning('80GB', software, 'flow')).toBe(
    'Far from what the adapter looks like (Software: the CPU plays the GPU): observations in a chunk 512 instead of 16, edge of a gradient block 4 instead of 16, threads a gradient workgroup 64 instead of 8.',
  );
  expect(classWarning('software', discrete, 'shear')).toContain('threads per chain 1 instead of 32');
});

test('the guess itself, its neighbours and no adapter are not', () => {
  expect(classWarning('auto', software, 'shear')).toBeUndefined();
  expect(classWarning('software', software, 'shear')).toBeUndefined();
  expect(classWarning('16GB', discrete, 'shear')).toBeUndefined();
  expect(classWarning('80GB', null, 'shear')).toBeUndefined();
});
