import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GpuContext } from '../../src/gpu/context.ts';
import { linkText } from '../../src/gpu/shaders.ts';
import { closeTestContexts, openTestContext, runKernel } from '../../src/gpu/testing.ts';
import { runWithNaga } from '../../src/gpu/testing-naga.ts';
import { threefry2x32, uniform01 } from '../../src/stats/threefry.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

const shader = linkText(
  'rng_probe',
  `import package::lib::rng::threefry2x32;
import package::lib::rng::uniform01;
@group(0) @binding(0) var<storage, read> input: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> words: array<vec2u>;
@group(0) @binding(2) var<storage, read_write> uniforms: array<f32>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= arrayLength(&words)) { return; }
  words[id.x] = threefry2x32(input[id.x].xy, input[id.x].zw);
  uniforms[id.x] = uniform01(words[id.x].x);
}`,
);

const KNOWN = [
  0, 0, 0, 0, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3,
];
const KNOWN_ANSWERS = [0x6b200159, 0x99ba4efe, 0x1cb996fc, 0xbb002be7, 0xc4923a9c, 0x483df7a0];

/** The known answers, then keys and counters that touch every bit. */
function inputs(n: number): Uint32Array<ArrayBuffer> {
  const input = new Uint32Array(4 * n);
  for (let i = 0; i < input.length; i++) input[i] = i < KNOWN.length ? KNOWN[i] : Math.imul(i, 0x9e3779b1) ^ (i >>> 3);
  return input;
}

describe('threefry2x32 in WGSL', () => {
  it("gives Random123's known answers and the bits of the TypeScript twin, on Dawn and on wgpu", async () => {
    const n = 4096;
    const input = inputs(n);
    const expected = new Uint32Array(2 * n);
    for (let i = 0; i < n; i++) {
      expected.set(threefry2x32([input[4 * i], input[4 * i + 1]], [input[4 * i + 2], input[4 * i + 3]]), 2 * i);
    }
    const storage = { 0: input, 1: new Uint32Array(2 * n), 2: new Float32Array(n) };
    const dawn = await runKernel(gpu, { shader, storage, workgroups: n / 64 });
    const wgpu = await runWithNaga({ wgsl: shader.wgsl, storage, workgroups: n / 64 });
    expect([...dawn[1].slice(0, 6)]).toEqual(KNOWN_ANSWERS);
    expect(dawn[1]).toEqual(expected);
    expect(new Uint32Array(wgpu[1])).toEqual(expected);
    // Integers to floats is exact up to the final rounding, so the uniforms agree to half a unit of f32.
    const worst = [...dawn[2]].map((u, i) => Math.abs(u - uniform01(expected[2 * i])));
    expect(Math.max(...worst)).toBeLessThanOrEqual(2 ** -24);
    expect(new Float32Array(wgpu[2])).toEqual(dawn[2]);
    expect(Math.min(...dawn[2]) > 0 && Math.max(...dawn[2]) < 1).toBe(true);
  });
});
