import { afterAll, beforeAll, expect, it } from 'vitest';
import type { GpuContext } from '../../src/gpu/context.ts';
import { linkText } from '../../src/gpu/shaders.ts';
import { closeTestContexts, openTestContext, runKernel } from '../../src/gpu/testing.ts';
import { tasks } from '../../src/workloads/flow/tasks/index.ts';
import { type FlowTask, simulateOnShoulders } from '../../src/workloads/flow/tasks/task.ts';
import { seenByNetwork, taskShape } from '../../src/workloads/flow/training/setup.ts';
import { floatOf } from '../../src/workloads/flow/training/velocity-training.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

const PROBE = `
import package::flow::simulate::simulate;
import constants::{C, D};
@group(0) @binding(0) var<storage, read_write> found: array<f32>;
@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) id: vec3u) {
  var theta: array<f32, D>;
  var x: array<f32, C>;
  simulate(vec2u(7u, 9u), 4000000000u + id.x, &theta, &x);
  for (var i = 0u; i < D; i++) { found[id.x * (C + D) + i] = theta[i]; }
  for (var i = 0u; i < C; i++) { found[id.x * (C + D) + D + i] = x[i]; }
}`;
const COUNT = 200;

function tableOf({ table }: FlowTask): Record<number, Float32Array> {
  return table ? { 12: table } : {};
}

const cases = tasks.flatMap((task) =>
  (task.prior.kind === 'box' ? [0, task.prior.high[0] / 5] : [0]).map((shoulder) => [task.id, shoulder, task] as const),
);

it.each(cases)('the simulator of %s is that of the f64 task, with shoulders of %d', async (id, shoulder, task) => {
  const shape = taskShape(task);
  const { thetaDimension, xDimension } = shape;
  const row = thetaDimension + xDimension;
  const out = await runKernel(gpu, {
    shader: linkText('task_probe', PROBE, {
      conditions: { [id]: true },
      constants: { D: `${thetaDimension}u`, C: `${xDimension}u`, SHOULDER: floatOf(shoulder) },
    }),
    storage: { 0: new Float32Array(COUNT * row), ...tableOf(task) },
    workgroups: COUNT,
  });
  for (let i = 0; i < COUNT; i++) {
    const { theta, x } = simulateOnShoulders(task, shoulder, [7, 9], 4_000_000_000 + i);
    [...theta, ...Array.from(seenByNetwork(shape, x))].forEach((value, k) => {
      // A few roundings, and 1.4e-6 of the normals, of values up to 10 (9 σ of SLCP's widest points). Summaries of stamps are larger: in proportion.
      // Logarithms of lengths have that error over the length: a residual of two of four normals is 0.1 long once in 200 draws.
      const size = task.table ? Math.max(1, Math.abs(value) / 10) : k >= thetaDimension && task.summary ? 5 : 1;
      expect(Math.abs(out[0][i * row + k] - value)).toBeLessThan(2e-5 * size);
    });
  }
});
