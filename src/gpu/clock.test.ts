import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clockBuffers, GpuClock, plausibleMs } from './clock.ts';
import type { GpuContext } from './context.ts';
import { ReadbackRing, ringBuffers } from './readback.ts';
import { linkText } from './shaders.ts';
import { closeTestContexts, openTestContext } from './testing.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

const storage = { name: 'out', bytes: 256, role: 'storage', bytesPerItem: 0, formula: 'test' } as const;
const source = `@group(0) @binding(0) var<storage, read_write> out: array<u32>;
@compute @workgroup_size(64) fn main(@builtin(local_invocation_index) i: u32) {
  for (var k = 0u; k < 20000u; k++) { out[i] = out[i] * 1664525u + 1u; }
}`;

async function submitTimed(context: GpuContext) {
  const allocation = await context.allocate({ chunk: 1, buffers: [storage, ...clockBuffers(2)] });
  const kernel = await context.compile(linkText('clock_probe', source));
  const clock = new GpuClock(context, allocation);
  const group = kernel.bindGroup({ 0: allocation.buffer('out') });
  const started = performance.now();
  const durations = [];
  for (let round = 0; round < 3; round++) {
    const timings = Array.from({ length: 4 }, () => {
      const timing = clock.begin();
      const encoder = context.device.createCommandEncoder();
      const pass = encoder.beginComputePass(timing.pass);
      pass.setPipeline(kernel.pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(1);
      pass.end();
      timing.resolve(encoder);
      context.device.queue.submit([encoder.finish()]);
      return timing;
    });
    for (const timing of timings) durations.push(await timing.done());
  }
  const elapsed = performance.now() - started;
  await context.finished();
  clock.destroy();
  allocation.destroy();
  return { durations, elapsed };
}

describe('GpuClock', () => {
  it('uses the wall clock on a software adapter and says so; overlapping submits do not count time twice', async () => {
    const { durations, elapsed } = await submitTimed(gpu);
    const total = durations.reduce((sum, { ms }) => sum + ms, 0);
    expect(total).toBeGreaterThan(0);
    expect(total).toBeLessThanOrEqual(elapsed);
    if (gpu.report.software) expect(new Set(durations.map(({ source: label }) => label))).toEqual(new Set(['wall']));
  });

  it('walks the timestamp path, more submits in flight than slots included, and labels what it gives', async () => {
    // The adapter is taken for real hardware, so that the queries are exercised wherever the tests run.
    const hardware = Object.create(gpu, { report: { value: { ...gpu.report, software: false } } }) as GpuContext;
    const context = Object.assign(hardware, {
      allocate: gpu.allocate.bind(gpu),
      compile: gpu.compile.bind(gpu),
      finished: gpu.finished.bind(gpu),
    });
    expect(gpu.report.features).toContain('timestamp-query');
    const { durations } = await submitTimed(context);
    expect(durations).toHaveLength(12);
    for (const { ms, source: label } of durations) {
      expect(ms).toBeGreaterThanOrEqual(0);
      expect(['gpu-timestamp', 'wall']).toContain(label);
    }
    expect(durations[3].source).toBe('wall');
    expect(gpu.ledger.current).toBe(0);
  });

  it('does not believe timestamps that are zero, run backwards or outlast the wait', () => {
    expect(plausibleMs(1_000_000n, 3_500_000n, 10)).toBe(2.5);
    expect(plausibleMs(0n, 3_500_000n, 10)).toBeUndefined();
    expect(plausibleMs(3_500_000n, 1_000_000n, 10)).toBeUndefined();
    expect(plausibleMs(1_000_000n, 1_000_000n, 10)).toBeUndefined();
    expect(plausibleMs(1_000_000n, 500_000_000n, 10)).toBeUndefined();
  });
});

describe('ReadbackRing', () => {
  it('reads in turn, skips when every slot is busy, and takes slots back', async () => {
    const allocation = await gpu.allocate({ chunk: 1, buffers: [storage, ...ringBuffers('live', 16, 0, 'test', 2)] });
    const ring = new ReadbackRing(gpu.device, allocation, 'live');
    const copy = (value: number) => {
      gpu.device.queue.writeBuffer(
        allocation.buffer('out'),
        0,
        new Uint32Array([value, value + 1, value + 2, value + 3]),
      );
      const encoder = gpu.device.createCommandEncoder();
      const pending = ring.copyAll(encoder, [{ buffer: allocation.buffer('out'), offset: 4, bytes: 8 }]);
      gpu.device.queue.submit([encoder.finish()]);
      return pending;
    };
    const first = copy(10);
    const second = copy(20);
    expect(copy(30)).toBeUndefined();
    expect([...new Uint32Array(await second!.read())]).toEqual([21, 22]);
    expect([...new Uint32Array(await first!.read())]).toEqual([11, 12]);
    expect([...new Uint32Array(await copy(40)!.read())]).toEqual([41, 42]);
    await gpu.finished();
    allocation.destroy();
  });
});
