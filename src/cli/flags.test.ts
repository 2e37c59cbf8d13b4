import { Command } from 'commander';
import { expect, test } from 'vitest';
import { gaussianWorkload } from '../engine/test-support/gaussian.ts';
import type { ParamSpec } from '../workloads/params.ts';
import type { Workload } from '../workloads/workload.ts';
import { addParameterFlags } from './flags.ts';

test('help says what 0 stands for where it is no quantity, also as the default', () => {
  const steps = { label: 'Steps', help: '', group: 'Sampler', kind: 'integer', min: 0, max: 9 } as const;
  const params: ParamSpec[] = [
    { ...steps, key: 'steps', default: 0, zero: 'automatic' },
    { ...steps, key: 'others', default: 3, zero: 'automatic' },
    { ...steps, key: 'plain', default: 0 },
  ];
  const command = new Command('run');
  addParameterFlags(command, { ...gaussianWorkload(), params } as unknown as Workload);
  const described = new Map(command.options.map(({ long, description }) => [long, description]));
  expect(described.get('--steps')).toBe('Steps: a whole number from 0 to 9; 0 is automatic (default automatic)');
  expect(described.get('--others')).toMatch(/\(default 3\)$/);
  expect(described.get('--plain')).toMatch(/\(default 0\)$/);
});
