import { expect, test } from 'vitest';
import { flowWorkload } from '../../workloads/flow/workload.ts';
import { shearWorkload } from '../../workloads/shear/workload.ts';
import type { RunInputs, Workload } from '../../workloads/workload.ts';
import { parseRunConfig } from './run-config.ts';
import { runTitle } from './run-title.ts';

const file = (name: string) => ({ name, sha256: '' });
const titleOf = (workload: Workload, given: object, inputs: RunInputs = {}) =>
  runTitle({ workload, config: parseRunConfig({ workload: workload.id, seed: 7, ...given }, [workload]), inputs });

test('a run of flow names its task, solver and steps', () => {
  const params = { task: 'slcp', solver: 'edm', steps: 25 };
  expect(titleOf(flowWorkload, { params })).toBe('Flow · SLCP · EDM × 25 · first · seed 7');
  expect(titleOf(flowWorkload, { preset: 'moons' })).toBe('Flow · Two moons · Midpoint × 10 · moons · seed 7');
});

test('precision and files are named where they are not what ships', () => {
  const images = file('mine.csv');
  expect(
    titleOf(flowWorkload, { precision: 'f16-storage' }, { files: { network: file('own.safetensors'), images } }),
  ).toBe('Flow · Two moons · Midpoint × 10 · first · seed 7 · f16-storage · own.safetensors · mine.csv');
  expect(titleOf(shearWorkload, {})).toBe('Shear · level0 · seed 7');
});
