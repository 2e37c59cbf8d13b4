import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GpuContext } from '../../src/gpu/context.ts';
import { type LinkedShader, linkText } from '../../src/gpu/shaders.ts';
import { closeTestContexts, openTestContext, runKernel } from '../../src/gpu/testing.ts';
import { runWithNaga } from '../../src/gpu/testing-naga.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

function probe(group: number, workgroup: number): LinkedShader {
  return linkText(
    'reduce_probe',
    `import package::lib::reduce::group_sum4;
import package::lib::reduce::group_sum;
import constants::WORKGROUP_THREADS;
@group(0) @binding(0) var<storage, read_write> values: array<vec4f>;
@compute @workgroup_size(WORKGROUP_THREADS)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(local_invocation_index) local: u32) {
  let value = values[id.x];
  let four = group_sum4(value, local);
  let one = group_sum(value.x, local);
  values[id.x] = select(vec4f(-1.0), four, one == four.x);
}`,
    { constants: { GROUP_THREADS: group, WORKGROUP_THREADS: workgroup } },
  );
}

const N = 256;
const values = new Float32Array(4 * N).map((_, i) => Math.sin(i + 1) * 10 ** ((i % 7) - 3));

/** The same tree in f32: bits have to agree, not only values. */
function tree(group: number): Float32Array {
  const sums = values.slice();
  for (let start = 0; start < N; start += group) {
    for (let stride = group / 2; stride >= 1; stride /= 2) {
      for (let lane = 0; lane < stride; lane++) {
        for (let c = 0; c < 4; c++) {
          const at = 4 * (start + lane) + c;
          sums[at] = Math.fround(sums[at] + sums[at + 4 * stride]);
        }
      }
    }
    for (let lane = 1; lane < group; lane++) sums.copyWithin(4 * (start + lane), 4 * start, 4 * start + 4);
  }
  return sums;
}

describe('group_sum', () => {
  it('adds in the stated order, for every group size and packing, on Dawn', async () => {
    for (const [group, workgroup] of [
      [1, 8],
      [2, 2],
      [8, 8],
      [8, 64],
      [32, 64],
      [64, 64],
      [256, 256],
    ]) {
      const shader = probe(group, workgroup);
      const out = await runKernel(gpu, { shader, storage: { 0: values }, workgroups: N / workgroup });
      expect(out[0], `${group} of ${workgroup}`).toEqual(tree(group));
    }
  });

  it('gives the same bits on wgpu', async () => {
    const out = await runWithNaga({ wgsl: probe(8, 64).wgsl, storage: { 0: values }, workgroups: N / 64 });
    expect(new Float32Array(out[0])).toEqual(tree(8));
  });
});
