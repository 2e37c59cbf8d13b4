import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GpuContext } from './context.ts';
import {
  DeviceLostError,
  LimitError,
  NoAdapterError,
  OutOfMemoryError,
  ShaderError,
  ValidationError,
} from './errors.ts';
import { orLost } from './loss.ts';
import type { BufferPlan, PlannedBuffer } from './plan.ts';
import { readBuffer, waitForQueue } from './readback.ts';
import { linkText } from './shaders.ts';
import { closeTestContexts, openNullContext, openTestContext, runKernel } from './testing.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

function buffer(name: string, bytes: number, role: PlannedBuffer['role'] = 'storage'): PlannedBuffer {
  return { name, bytes, role, bytesPerItem: 0, formula: 'test' };
}
const plan = (...buffers: PlannedBuffer[]): BufferPlan => ({ chunk: 1, buffers });

describe('GpuContext.open', () => {
  it('asks for the full limits of the adapter, not for the defaults', () => {
    expect(gpu.report.limits.maxBufferSize).toBeGreaterThan(256 * 2 ** 20);
    expect(gpu.device.limits.maxBufferSize).toBe(gpu.report.limits.maxBufferSize);
  });

  it('opens f16 and subgroups where they are, and does without them on request', async () => {
    const all = await openNullContext();
    expect(all.report.features).toEqual(expect.arrayContaining(['shader-f16', 'subgroups', 'timestamp-query']));
    const without = await openNullContext({ disabledFeatures: ['shader-f16'] });
    expect(without.report.features).not.toContain('shader-f16');
    expect(without.generation).toBeGreaterThan(all.generation);
  });

  it('says what to do where there is no adapter', async () => {
    const blind = { requestAdapter: async () => null } as unknown as GPU;
    const error = await GpuContext.open({ gpu: blind }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NoAdapterError);
    expect((error as NoAdapterError).todo).toMatch(/Chrome|driver/);
  });
});

describe('allocate', () => {
  it('takes the exact bytes of a plan and gives them all back', async () => {
    const allocation = await gpu.allocate(
      plan(buffer('a', 1024), buffer('b', 64, 'uniform'), buffer('c', 16, 'readback')),
    );
    expect(allocation.bytes).toBe(1104);
    expect(gpu.ledger.current).toBe(1104);
    expect(gpu.ledger.entries[0]).toEqual({ name: 'a', bytes: 1024, role: 'storage' });
    expect(allocation.buffer('a').size).toBe(1024);
    expect(() => allocation.buffer('d')).toThrow(/"d".*a, b, c/);
    allocation.destroy();
    allocation.destroy();
    expect(gpu.ledger.current).toBe(0);
  });

  it('stops before the device does when a buffer is over a limit, and names buffer and limit', async () => {
    const most = gpu.report.limits.maxStorageBufferBindingSize;
    const error = await gpu.allocate(plan(buffer('ok', 4), buffer('draws', most + 4))).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(LimitError);
    expect(error).toMatchObject({
      buffer: 'draws',
      bytes: most + 4,
      limitName: 'maxStorageBufferBindingSize',
      limit: most,
    });
    expect(gpu.ledger.current).toBe(0);
  });

  it('refuses plans that are wrong in themselves', async () => {
    await expect(gpu.allocate(plan(buffer('a', 4), buffer('a', 4)))).rejects.toThrow(/"a" twice/);
    await expect(gpu.allocate(plan(buffer('odd', 6)))).rejects.toThrow(/"odd".*6 bytes/);
    await expect(gpu.allocate(plan(buffer('none', 0)))).rejects.toThrow(/"none".*0 bytes/);
  });

  it('frees everything when the device runs out of memory half-way', async () => {
    const most = gpu.report.limits.maxStorageBufferBindingSize;
    const buffers = Array.from({ length: 4096 }, (_, i) => buffer(`b${i}`, most - (most % 4)));
    const error = await gpu.allocate(plan(...buffers)).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(OutOfMemoryError);
    expect((error as OutOfMemoryError).todo).toContain('smaller batch');
    expect(gpu.ledger.current).toBe(0);
    const after = await gpu.allocate(plan(buffer('small', 1024)));
    after.destroy();
  });
});

describe('kernel', () => {
  const source = (line: string) => `import package::lib::rng::threefry2x32;
@group(0) @binding(0) var<storage, read_write> out: array<u32>;
@compute @workgroup_size(1) fn main() {
  ${line}
}`;

  it('is compiled once for the same text and carries its hash', async () => {
    const shader = linkText('twice', source('out[0] = threefry2x32(vec2u(1u), vec2u(2u)).x;'));
    const kernel = await gpu.compile(shader);
    expect(await gpu.compile(linkText('twice', source('out[0] = threefry2x32(vec2u(1u), vec2u(2u)).x;')))).toBe(kernel);
    expect(kernel.hash).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(kernel.wgsl).toBe(shader.wgsl);
  });

  it('reports a compile error with file, line and the source line', async () => {
    const shader = linkText('broken', source('out[0] = threefry2x32(vec2u(1u), vec2u(2u)).x + 1.5f;'));
    const error = (await gpu.compile(shader).catch((e: unknown) => e)) as ShaderError;
    expect(error).toBeInstanceOf(ShaderError);
    expect(error.messages[0]).toMatchObject({ file: 'broken.wgsl', line: 4 });
    expect(error.messages[0].excerpt).toContain('+ 1.5f');
    expect(error.message).toContain('broken.wgsl:4:');
  });

  it('reports a pipeline that cannot be made', async () => {
    const shader = linkText('large', '@compute @workgroup_size(65536) fn main() {}');
    await expect(gpu.compile(shader)).rejects.toBeInstanceOf(ShaderError);
  });
});

describe('finished', () => {
  it('throws what WebGPU objected to outside of any scope, once', async () => {
    gpu.device.createBuffer({ size: 16, usage: 0 });
    await expect(gpu.finished()).rejects.toBeInstanceOf(ValidationError);
    await gpu.finished();
  });

  it('leaves nothing on the ledger after a thousand kernels', async () => {
    const shader = linkText(
      'leak',
      `@group(0) @binding(0) var<storage, read_write> out: array<u32>;
@compute @workgroup_size(4) fn main(@builtin(global_invocation_id) id: vec3u) { out[id.x] = id.x * id.x; }`,
    );
    for (let i = 0; i < 1000; i++) {
      const out = await runKernel(gpu, { shader, storage: { 0: new Uint32Array(4) }, workgroups: 1 });
      if (i === 999) expect([...out[0]]).toEqual([0, 1, 4, 9]);
    }
    expect(gpu.ledger.current).toBe(0);
  });
});

describe('loss of the device', () => {
  it('ends every wait with DeviceLostError, also waits that would stay pending', async () => {
    const doomed = await openTestContext();
    const allocation = await doomed.allocate(plan(buffer('staging', 16, 'readback')));
    const never = orLost(doomed.device, new Promise(() => undefined));
    const reading = readBuffer(doomed.device, allocation.buffer('staging'));
    const ends = Promise.allSettled([never, reading]);
    doomed.destroy();
    expect(await doomed.lost).toMatchObject({ name: 'DeviceLostError', reason: 'destroyed' });
    for (const end of await ends)
      expect(end).toMatchObject({ status: 'rejected', reason: { name: 'DeviceLostError' } });
    await expect(waitForQueue(doomed.device)).rejects.toBeInstanceOf(DeviceLostError);
  });
});
