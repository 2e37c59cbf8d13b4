/** Every experiment of the registry that fetches nothing: the WGSL of its presets is accepted by Tint and by Naga. */
import { afterAll, expect, test } from 'vitest';
import { sizesFor } from '../../src/batch/sizes.ts';
import { closeTestContexts, openNullContext } from '../../src/gpu/testing.ts';
import { compileWithNaga } from '../../src/gpu/testing-naga.ts';
import { workloads } from '../../src/workloads/index.ts';
import { presetParams } from '../../src/workloads/validate.ts';

afterAll(closeTestContexts);

test('kernels of the first preset of each experiment compile on both', async () => {
  const gpu = await openNullContext();
  const all: { label: string; wgsl: string }[] = [];
  for (const workload of workloads.filter(({ load }) => !load)) {
    const [preset] = workload.presets;
    const sizes = sizesFor('software');
    const configured = workload.configure(presetParams(workload.params, preset), {}, { sizes });
    const shaders = await workload.shaders(configured.prepare(1), configured.shape(gpu.report), sizes);
    for (const [name, wgsl] of Object.entries(shaders)) all.push({ label: `${workload.id}/${name}`, wgsl });
  }
  expect(all.length).toBeGreaterThanOrEqual(workloads.length - 1);
  for (const { label, wgsl } of all) {
    await gpu.compile({ module: label, wgsl, locate: () => ({ file: label, line: 0, column: 0, excerpt: '' }) });
  }
  const outcomes = await compileWithNaga(all);
  expect(outcomes.filter(({ errors }) => errors.length > 0)).toEqual([]);
});
