import { expect, test } from 'vitest';
import type { AdapterReport } from '../../gpu/report.ts';
import { workloads } from '../../workloads/index.ts';
import type { Workload } from '../../workloads/workload.ts';
import { parseRunConfig } from '../config/run-config.ts';
import { bindingCap, type ChunkCap, SEARCH_LIMIT } from './caps.ts';
import { planRun } from './plan-run.ts';

const MIB = 1024 ** 2;
const shear = workloads[0];

const DEFAULT_LIMITS = {
  maxBufferSize: 256 * MIB,
  maxStorageBufferBindingSize: 128 * MIB,
  maxUniformBufferBindingSize: 65_536,
  maxComputeWorkgroupsPerDimension: 65_535,
};

function report(limits: Partial<typeof DEFAULT_LIMITS> = {}): AdapterReport {
  return {
    ...{ vendor: 'v', architecture: 'a', device: 'd', description: '', name: 'v a', runtime: 'node' as const },
    ...{ software: false, features: [], loopIterationLimit: null },
    limits: { ...DEFAULT_LIMITS, ...limits },
  };
}

function plan(batch: object, limits: Partial<typeof DEFAULT_LIMITS> = {}, chunk?: number) {
  const config = parseRunConfig({ preset: 'level0', batch, params: { realizations: 1000 } });
  return planRun(shear, config, {}, report(limits), { chunk });
}

const cap = (each: readonly ChunkCap[], name: string) => each.find((one) => one.name === name)!;

test('the budget allows exactly the largest chunk whose bytes stay within it', () => {
  const { each, binding, budgetBytes } = plan({ memoryBudgetMiB: 64 }).caps;
  const most = cap(each, 'budget').largestChunk;
  expect(binding).toBe('budget');
  expect(plan({ memoryBudgetMiB: 64 }, {}, Math.min(most, 1000)).tooLarge).toBeUndefined();
  expect(plan({ memoryBudgetMiB: 64 }, {}, most).totalBytes).toBeLessThanOrEqual(budgetBytes);
  expect(plan({ memoryBudgetMiB: 64 }, {}, most + 1).totalBytes).toBeGreaterThan(budgetBytes);
});

test('the binding limit holds for the largest storage buffer, whose bytes an item it divides', () => {
  const planned = plan({ memoryBudgetMiB: 100_000 });
  const binding = cap(planned.caps.each, 'binding');
  const buffer = planned.buffers.buffers.find(({ name }) => name === binding.buffer)!;
  expect(planned.caps.binding).toBe('binding');
  expect(buffer).toMatchObject({ role: 'storage', bytes: binding.used });
  expect(binding.largestChunk).toBe(Math.floor((128 * MIB) / buffer.bytesPerItem));
});

test('the buffer limit binds where it is the smaller one', () => {
  const { each, binding } = plan({ memoryBudgetMiB: 100_000 }, { maxBufferSize: 16 * MIB }).caps;
  expect(binding).toBe('buffer');
  expect(cap(each, 'buffer').largestChunk).toBeLessThan(cap(each, 'binding').largestChunk);
});

test('workgroups bind where a dimension is short: its square, for dispatches are tiled', () => {
  const { caps, shape, tooLarge, largestChunk } = plan({}, { maxComputeWorkgroupsPerDimension: 3 }, 100);
  expect(caps.binding).toBe('workgroups');
  expect(largestChunk).toBe(9 / shape.workgroupsPerItem);
  expect(tooLarge).toContain(`workgroups; this adapter allows 9. The largest that fits is ${largestChunk}.`);
});

test('a cap that is not met within the search is “that many or more”; none binds without an adapter', () => {
  const { each } = plan({ memoryBudgetMiB: 1 }).caps;
  expect(cap(each, 'workgroups').largestChunk).toBe(SEARCH_LIMIT);
  expect(bindingCap([])).toBeUndefined();
  const config = parseRunConfig({ preset: 'quick' });
  expect(planRun(shear, config, {}, null).caps).toMatchObject({ each: [], binding: undefined });
});

test('all caps of a plan, sampling again included, evaluate the buffers at most 100 times: a slider asks often', () => {
  let evaluations = 0;
  const counting: Workload = {
    ...shear,
    configure: (...given) => {
      const configured = shear.configure(...given);
      return {
        ...configured,
        plan: (...args) => {
          evaluations++;
          return configured.plan(...args);
        },
      };
    },
  };
  planRun(counting, parseRunConfig({ preset: 'level0' }), {}, report());
  expect(evaluations).toBeGreaterThan(24);
  // 22 µs each on Node 20: about 2 ms for the three passes.
  expect(evaluations).toBeLessThanOrEqual(100);
});
