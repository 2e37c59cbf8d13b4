import { expect, test } from 'vitest';
import type { SizeKey } from '../../batch/sizes.ts';
import { batchTable } from '../../batch/table.ts';
import type { AdapterReport } from '../../gpu/report.ts';
import { workloads } from '../../workloads/index.ts';
import { parseRunConfig } from '../config/run-config.ts';
import { memoryTable } from './memory-table.ts';
import { planRun } from './plan-run.ts';

const [shear] = workloads;
const MIB = 1024 ** 2;
const report: AdapterReport = {
  ...{ vendor: 'v', architecture: 'a', device: 'd', description: '', name: 'v a', runtime: 'node' },
  ...{ software: false, features: [], loopIterationLimit: null },
  limits: {
    maxBufferSize: 256 * MIB,
    maxStorageBufferBindingSize: 128 * MIB,
    maxComputeWorkgroupsPerDimension: 65_535,
  },
};

function planned(sizes: object, size: number | 'auto' = 64) {
  const config = parseRunConfig({ preset: 'level0', batch: { size, sizes }, params: { realizations: 200 } });
  return planRun(shear, config, {}, report);
}
const bytesOf = (key: SizeKey, sizes: object) =>
  memoryTable(planned(sizes), report).sizes.find((use) => use.key === key)!.bytes;

test.each([
  ['shear.stagingBytes', 4, 100_000],
  ['shear.stagingBytes', 50_000, 1_000_000],
  ['shear.peekSlots', 1, 7],
  ['gpu.submitsInFlight', 1, 6],
  ['shear.threadsPerChain', 1, 64],
] as const)('%s from %i to %i changes the plan by what the two values take', (key, from, to) => {
  const change = planned({ [key]: to }).totalBytes - planned({ [key]: from }).totalBytes;
  expect(bytesOf(key, { [key]: to }) - bytesOf(key, { [key]: from })).toBe(change);
  if (key === 'shear.threadsPerChain') expect(change).toBe(0);
  else expect(change).toBeGreaterThan(0);
});

test('at its minimum an entry takes nothing on the GPU; on the CPU every one takes its value', () => {
  for (const { key, minimum, where } of batchTable) {
    if (key === shear.chunkEntry) continue;
    expect(bytesOf(key, { [key]: minimum }), key).toBe(where === 'cpu' ? minimum : 0);
  }
});

test('the chunk takes what its plan takes less the plan of one', () => {
  const { sizes } = memoryTable(planned({}), report);
  const use = sizes.find(({ key }) => key === shear.chunkEntry)!;
  expect(use).toMatchObject({ value: 64, preset: 64 });
  expect(use.bytes).toBe(planned({}).totalBytes - planned({}, 1).totalBytes);
});

test('the next value adds what the plan grows by: one more, or twice as much of bytes', () => {
  const uses = (sizes: object, size = 64) => memoryTable(planned(sizes, size), report).sizes;
  const of = (key: SizeKey, sizes: object = {}) => uses(sizes).find((use) => use.key === key)!;
  expect(of(shear.chunkEntry)).toMatchObject({
    next: 65,
    nextBytes: planned({}, 65).totalBytes - planned({}, 64).totalBytes,
  });
  expect(of('shear.peekSlots', { 'shear.peekSlots': 3 })).toMatchObject({
    next: 4,
    nextBytes: planned({ 'shear.peekSlots': 4 }).totalBytes - planned({ 'shear.peekSlots': 3 }).totalBytes,
  });
  expect(of('shear.peekSlots').nextBytes).toBeGreaterThan(0);
  expect(of('shear.stagingBytes', { 'shear.stagingBytes': 100_000 }).next).toBe(200_000);
  expect(of('bundle.exportBytes')).toMatchObject({ next: 16 * MIB, nextBytes: 8 * MIB });
  expect(of('shear.peekSlots', { 'shear.peekSlots': 16 })).toMatchObject({ next: undefined, nextBytes: 0 });
});

test('the curve holds the exact bytes of every buffer and reaches beyond the first cap and the items', () => {
  const plan = planned({ 'shear.peekSlots': 3 }, 'auto');
  const { chunks, buffers } = memoryTable(plan, report).curve;
  const cap = plan.caps.each.find(({ name }) => name === plan.caps.binding)!;
  expect(chunks.at(-1)).toBeGreaterThan(Math.max(cap.largestChunk, plan.items));
  expect(chunks).toEqual([...new Set(chunks)].sort((a, b) => a - b));
  const at = chunks.indexOf(plan.chunk);
  expect(buffers.map(({ name, bytes }) => [name, bytes[at]])).toEqual(
    plan.buffers.buffers.map(({ name, bytes }) => [name, bytes]),
  );
  expect(chunks.length).toBeLessThan(200);
});
