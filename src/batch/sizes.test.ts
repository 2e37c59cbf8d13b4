import { expect, test } from 'vitest';
import type { BatchEntry } from './entry.ts';
import { guessMemoryClass, MEMORY_CLASSES } from './memory-class.ts';
import { batchEntry, defaultSizes, presetSize, sizeObjection, sizesFor } from './sizes.ts';
import { batchTable } from './table.ts';

const entries: readonly BatchEntry[] = batchTable;
const adapter = (vendor: string, gib: number, software = false) => ({
  vendor,
  software,
  limits: { maxBufferSize: gib * 1024 ** 3 },
});

test('every key is there once, and every value of every class may be used', () => {
  expect(new Set(entries.map(({ key }) => key)).size).toBe(entries.length);
  for (const entry of entries) {
    expect(sizeObjection(entry, entry.default), entry.key).toBeUndefined();
    for (const memoryClass of MEMORY_CLASSES)
      expect(sizeObjection(entry, presetSize(entry, memoryClass)), entry.key).toBeUndefined();
    if (entry.inside) expect(batchEntry(entry.inside), entry.key).toBeDefined();
  }
});

test('chunks of the memory classes are the largest one times 1, ½, ¼ and ⅛', () => {
  const chunk = batchEntry('shear.chunk')!;
  const largest = presetSize(chunk, '80GB');
  expect((['40GB', '24GB', '16GB'] as const).map((name) => presetSize(chunk, name) / largest)).toEqual([
    0.5, 0.25, 0.125,
  ]);
});

test('what is written over a class stays, the rest is the class’s', () => {
  const sizes = sizesFor('16GB', { 'shear.peekSlots': 5 });
  expect(sizes['shear.peekSlots']).toBe(5);
  expect(sizes['shear.chunk']).toBe(256);
  expect(sizes['shear.stagingBytes']).toBe(defaultSizes['shear.stagingBytes']);
});

test('only chunks and how a kernel shares its work depend on the class', () => {
  // Whoever plans without sizes takes the defaults. Gradient blocks are in no plan.
  const depending = entries.filter(({ presets }) => presets).map(({ key }) => key);
  expect(entries.filter(({ presets, kind }) => presets && kind === 'statistical')).toEqual([]);
  // Metrics say with their stage which entry is theirs, and are planned with it.
  expect(depending.filter((key) => !key.endsWith('.chunk') && !key.startsWith('analysis.'))).toEqual([
    'shear.threadsPerChain',
    'flow.gradientEdge',
    'flow.gradientThreads',
  ]);
  expect(depending).toContain('shear.chunk');
});

test.each([
  [null, 'cpu'],
  [adapter('google', 1, true), 'software'],
  [adapter('apple', 64), 'integrated'],
  [adapter('intel', 4), 'integrated'],
  [adapter('nvidia', 4), '8GB'],
  [adapter('nvidia', 16), '16GB'],
  [adapter('nvidia', 24), '24GB'],
  [adapter('amd', 48), '40GB'],
  [adapter('nvidia', 139), '80GB'],
  [adapter('', 0.25), 'integrated'],
] as const)('%j is taken for class %s', (facts, memoryClass) => {
  expect(guessMemoryClass(facts)).toBe(memoryClass);
});
