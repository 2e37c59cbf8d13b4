import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GpuContext } from '../../src/gpu/context.ts';
import { linkText } from '../../src/gpu/shaders.ts';
import { closeTestContexts, openTestContext, runKernel } from '../../src/gpu/testing.ts';
import { runWithNaga } from '../../src/gpu/testing-naga.ts';
import { normalQuantile } from '../../src/stats/normal.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

/** Each thread makes 256 normals; number k is the quantile of the uniform (k · stride + 1/2) 2^-24. */
const probe = (stride: number) =>
  linkText(
    'normal_probe',
    `import package::lib::normal::normal_from_bits;
import constants::STRIDE;
@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  for (var i = 0u; i < 256u; i++) {
    let k = id.x * 256u + i;
    x[k] = normal_from_bits((k * u32(STRIDE)) << 8u);
  }
}`,
    { constants: { STRIDE: stride } },
  );

interface Worst {
  absolute: number;
  relative: number;
}

function compare(x: Float32Array, stride: number): Worst {
  const worst: Worst = { absolute: 0, relative: 0 };
  for (let k = 0; k < x.length; k++) {
    const exact = normalQuantile((k * stride + 0.5) * 2 ** -24);
    const error = Math.abs(x[k] - exact);
    if (!(error <= worst.absolute)) worst.absolute = error;
    if (!(error <= worst.relative * Math.abs(exact))) worst.relative = error / Math.abs(exact);
  }
  return worst;
}

describe('normal_from_bits', () => {
  it('is within the stated error of the f64 quantile for all 2^24 uniforms, and symmetric', async () => {
    const n = 2 ** 24;
    const storage = { 0: new Float32Array(n) };
    const out = await runKernel(gpu, { shader: probe(1), storage, workgroups: n / 256 / 64 });
    const x = out[0] as Float32Array;
    const worst = compare(x, 1);
    expect(worst.absolute).toBeLessThan(2e-6);
    expect(worst.relative).toBeLessThan(5e-7);
    let asymmetric = 0;
    for (let k = 0; k < n / 2; k++) if (x[k] !== -x[n - 1 - k]) asymmetric++;
    expect(asymmetric).toBe(0);
  });

  it('keeps that error on wgpu, on every 16th uniform', async () => {
    const n = 2 ** 20;
    const storage = { 0: new Float32Array(n) };
    const out = await runWithNaga({ wgsl: probe(16).wgsl, storage, workgroups: n / 256 / 64 });
    const worst = compare(new Float32Array(out[0]), 16);
    expect(worst.absolute).toBeLessThan(2e-6);
    expect(worst.relative).toBeLessThan(5e-7);
  });
});

describe('normal_quantile', () => {
  it('agrees with f64 from 1e-30 to 1 - 2^-24, f32 probabilities as they are', async () => {
    const shader = linkText(
      'quantile_probe',
      `import package::lib::normal::normal_quantile;
@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < arrayLength(&x)) { x[id.x] = normal_quantile(x[id.x]); }
}`,
    );
    const low = Array.from({ length: 600 }, (_, i) => 10 ** (-i / 20));
    const p = new Float32Array(
      [...low, ...low.filter((tail) => tail > 1e-7).map((tail) => 1 - tail)].filter((v) => v > 0 && v < 1),
    );
    const out = await runKernel(gpu, { shader, storage: { 0: p }, workgroups: Math.ceil(p.length / 64) });
    const worst = [...p].map((v, i) => Math.abs((out[0][i] - normalQuantile(v)) / (normalQuantile(v) || 1)));
    expect(Math.max(...worst)).toBeLessThan(5e-7);
  });
});
