import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GpuContext } from '../../src/gpu/context.ts';
import { linkText } from '../../src/gpu/shaders.ts';
import { closeTestContexts, openTestContext, runKernel } from '../../src/gpu/testing.ts';
import { runWithNaga } from '../../src/gpu/testing-naga.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

/** One matrix a thread: L, L^-1, A^-1 b by both solves, and whether every pivot was good. */
const shader = linkText(
  'linalg_probe',
  `import package::lib::linalg::cholesky;
import package::lib::linalg::invert_lower;
import package::lib::linalg::solve_lower;
import package::lib::linalg::solve_lower_transposed;
@group(0) @binding(0) var<storage, read> matrices: array<f32>;
@group(0) @binding(1) var<storage, read> sizes: array<u32>;
@group(0) @binding(2) var<storage, read_write> factors: array<f32>;
@group(0) @binding(3) var<storage, read_write> inverses: array<f32>;
@group(0) @binding(4) var<storage, read_write> solutions: array<f32>;
@group(0) @binding(5) var<storage, read_write> good: array<u32>;
@compute @workgroup_size(1) fn main(@builtin(workgroup_id) id: vec3u) {
  let n = id.x;
  let d = sizes[n];
  var a: array<f32, 64>;
  for (var i = 0u; i < 64u; i++) { a[i] = matrices[64u * n + i]; }
  good[n] = select(0u, 1u, cholesky(&a, d));
  var b: array<f32, 8>;
  for (var i = 0u; i < 8u; i++) { b[i] = f32(i) - 2.5; }
  solve_lower(&a, d, &b);
  solve_lower_transposed(&a, d, &b);
  for (var i = 0u; i < 64u; i++) { factors[64u * n + i] = a[i]; }
  for (var i = 0u; i < 8u; i++) { solutions[8u * n + i] = b[i]; }
  invert_lower(&a, d);
  for (var i = 0u; i < 64u; i++) { inverses[64u * n + i] = a[i]; }
}`,
);

/** A = G Gᵀ + ½ I with |G| ≤ 1: well conditioned, so f32 should lose little. Row-major with stride 8. */
function positiveDefinite(d: number, seed: number): Float32Array<ArrayBuffer> {
  const g = Array.from({ length: 64 }, (_, i) => Math.sin(12.9898 * (i + 1) * (seed + 1)));
  const a = new Float32Array(64);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) {
      for (let k = 0; k < d; k++) a[8 * i + j] += g[8 * i + k] * g[8 * j + k];
      if (i === j) a[8 * i + j] += 0.5;
    }
  }
  return a;
}

/** f64 twin of `cholesky`. */
function cholesky(a: Float64Array, d: number): void {
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[8 * i + j];
      for (let k = 0; k < j; k++) sum -= a[8 * i + k] * a[8 * j + k];
      a[8 * i + j] = i === j ? Math.sqrt(sum) : sum / a[9 * j];
    }
  }
}

const SIZES = [1, 2, 3, 4, 5, 6, 7, 8];

function storage(matrices: readonly Float32Array[], sizes: readonly number[]) {
  const n = sizes.length;
  const flat = new Float32Array(64 * n);
  matrices.forEach((matrix, i) => {
    flat.set(matrix, 64 * i);
  });
  return {
    0: flat,
    1: new Uint32Array(sizes),
    2: new Float32Array(64 * n),
    3: new Float32Array(64 * n),
    4: new Float32Array(8 * n),
    5: new Uint32Array(n),
  };
}

function check(out: { factors: Float32Array; inverses: Float32Array; solutions: Float32Array }): number {
  let worst = 0;
  SIZES.forEach((d, n) => {
    const exact = new Float64Array(positiveDefinite(d, n));
    cholesky(exact, d);
    const a = positiveDefinite(d, n);
    for (let i = 0; i < d; i++) {
      let residual = -(i - 2.5);
      for (let j = 0; j < d; j++) residual += a[8 * i + j] * out.solutions[8 * n + j];
      worst = Math.max(worst, Math.abs(residual));
      for (let j = 0; j <= i; j++) {
        worst = Math.max(worst, Math.abs(out.factors[64 * n + 8 * i + j] - exact[8 * i + j]));
        let product = i === j ? -1 : 0;
        for (let k = j; k <= i; k++) product += exact[8 * i + k] * out.inverses[64 * n + 8 * k + j];
        worst = Math.max(worst, Math.abs(product));
      }
    }
  });
  return worst;
}

describe('linalg', () => {
  const matrices = SIZES.map((d, n) => positiveDefinite(d, n));

  it('factors, inverts and solves like f64 for every d from 1 to 8, on Dawn', async () => {
    const out = await runKernel(gpu, { shader, storage: storage(matrices, SIZES), workgroups: SIZES.length });
    expect([...out[5]]).toEqual(SIZES.map(() => 1));
    const [factors, inverses, solutions] = [2, 3, 4].map((binding) => out[binding] as Float32Array);
    expect(check({ factors, inverses, solutions })).toBeLessThan(2e-5);
  });

  it('does so on wgpu', async () => {
    const out = await runWithNaga({ wgsl: shader.wgsl, storage: storage(matrices, SIZES), workgroups: SIZES.length });
    const [factors, inverses, solutions] = [2, 3, 4].map((binding) => new Float32Array(out[binding]));
    expect(check({ factors, inverses, solutions })).toBeLessThan(2e-5);
  });

  it('reports a pivot that is negative, zero, NaN or infinite', async () => {
    const broken = [-1, 0, Number.NaN, Number.POSITIVE_INFINITY].map((pivot) => {
      const a = positiveDefinite(3, 5);
      a[18] = pivot;
      return a;
    });
    const out = await runKernel(gpu, { shader, storage: storage(broken, [3, 3, 3, 3]), workgroups: 4 });
    expect([...out[5]]).toEqual([0, 0, 0, 0]);
  });
});
