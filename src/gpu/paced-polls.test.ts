/** Dawn's questions after a device, on Node. */
import { setImmediate as turn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { pacedPolls } from './paced-polls.ts';
import { findNodeGpu, releaseNodeGpu } from './provider-node.ts';

/** As a native library's: without a text, as proxies are, and without a name. */
const native = (call: () => void): (() => void) =>
  new Proxy(call, { get: (target, key) => (key === 'name' ? '' : Reflect.get(target, key)) });

afterEach(releaseNodeGpu);

test('a native wait asks at once for some turns and after pauses from then on; another begins anew', async () => {
  const paused: (() => void)[] = [];
  const paced = pacedPolls(setImmediate, (ask) => paused.push(ask));
  let asked = 0;
  const ask = native(() => {
    asked++;
    paced(ask);
  });
  paced(ask);
  while (paused.length === 0) await turn();
  expect(asked).toBe(64);
  for (let more = 1; more <= 3; more++) {
    paused.pop()!();
    expect(asked).toBe(64 + more);
    expect(paused).toHaveLength(1);
  }
  paused.length = 0;
  paced(ask);
  while (paused.length === 0) await turn();
  expect(asked).toBe(67 + 64);
});

test('calls that are not a native library’s are handed on with what they are given', async () => {
  const paced = pacedPolls(setImmediate, () => expect.fail('is not paced'));
  for (let i = 0; i < 100; i++)
    expect(await new Promise((resolve) => paced(resolve, i)), 'bound by V8, with a name').toBe(i);
  for (let i = 0; i < 100; i++) await new Promise<void>((resolve) => paced(() => resolve()));
  expect(await promisify(paced)('x')).toBe('x');
});

test('Dawn is recognised: it waits for a device with few questions in a row', async () => {
  const own = globalThis.setImmediate;
  let questions = 0;
  // Whoever comes before `paceDawn` is asked by it.
  globalThis.setImmediate = Object.assign((...given: Parameters<typeof own>) => {
    questions++;
    return own(...given);
  }, own) as typeof own;
  try {
    const gpu = await findNodeGpu();
    const device = await (await gpu!.requestAdapter())!.requestDevice();
    const code = `@group(0) @binding(0) var<storage, read_write> sum: array<f32>;
      @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
        for (var i = 0u; i < 4000u; i++) { sum[id.x] = fma(sum[id.x], 0.999, 1.0); }
      }`;
    const module = device.createShaderModule({ code });
    const pipeline = device.createComputePipeline({ layout: 'auto', compute: { module } });
    const buffer = device.createBuffer({ size: 4 * 64 * 64, usage: GPUBufferUsage.STORAGE });
    const resource = { buffer };
    const group = device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [{ binding: 0, resource }],
    });
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(64);
    pass.end();
    device.queue.submit([encoder.finish()]);
    questions = 0;
    await device.queue.onSubmittedWorkDone();
    device.destroy();
    expect(questions).toBeGreaterThan(0);
    expect(questions, 'thousands, if it asked in every turn').toBeLessThan(100);
  } finally {
    globalThis.setImmediate = own;
  }
});
