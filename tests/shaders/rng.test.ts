import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GpuContext } from '../../src/gpu/context.ts';
import { linkText } from '../../src/gpu/shaders.ts';
import { closeTestContexts, openTestContext, runKernel } from '../../src/gpu/testing.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

const shader = linkText(
  'rng_probe',
  `import package::lib::rng::threefry2x32;
@group(0) @binding(0) var<storage, read> input: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> output: array<vec2u>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < arrayLength(&output)) { output[id.x] = threefry2x32(input[id.x].xy, input[id.x].zw); }
}`,
);

describe('threefry2x32 on the GPU', () => {
  it("gives Random123's known answers", async () => {
    const input = new Uint32Array([
      0, 0, 0, 0, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3,
    ]);
    const out = await runKernel(gpu, { shader, storage: { 0: input, 1: new Uint32Array(6) }, workgroups: 1 });
    expect([...out[1]]).toEqual([0x6b200159, 0x99ba4efe, 0x1cb996fc, 0xbb002be7, 0xc4923a9c, 0x483df7a0]);
  });
});
