/** A device that computes rightly passes; one that computes wrongly is found out by the check that is about it. */
import { afterAll, describe, expect, test } from 'vitest';
import type { GpuContext } from '../../gpu/context.ts';
import { DeviceLostError } from '../../gpu/errors.ts';
import { closeTestContexts, openTestContext } from '../../gpu/testing.ts';
import storedShear from '../../workloads/shear/self-test.json' with { type: 'json' };
import { deriveShear } from '../../workloads/shear/self-test-derive.ts';
import { shearWorkload } from '../../workloads/shear/workload.ts';
import { openWrongContext } from '../test-support/wrong-device.ts';
import { deriveLibrary } from './derive-library.ts';
import { SelfTestError } from './errors.ts';
import storedLibrary from './library.json' with { type: 'json' };
import { checkInWords, tightestCheck } from './report.ts';
import { passedSelfTest, selfTest } from './run.ts';

afterAll(closeTestContexts);

const workloads = [shearWorkload];

const CHECKS = [
  'Random bits',
  'Normal quantiles',
  'Model stamp',
  'HMC draws',
  'HMC energy errors',
  'HMC acceptance',
] as const;

test('a device that computes rightly passes every check well inside its limit, and all memory is free again', async () => {
  const gpu = await openTestContext();
  const report = await passedSelfTest(gpu, workloads, 'f32');
  const [f32] = report.precisions;
  expect(f32.checks.map(({ name }) => name)).toEqual(CHECKS);
  for (const check of f32.checks) expect(check.measured, checkInWords(check)).toBeLessThanOrEqual(check.allowed / 3);
  expect(report.adapter).toBe(gpu.report.name);
  expect(gpu.ledger.current).toBe(0);
  expect(tightestCheck(f32)?.measured).toBeGreaterThan(0);
});

test('a device is tried once, another one anew', async () => {
  const [first, second] = [await openTestContext(), await openTestContext()];
  const checksOf = async (gpu: GpuContext) => (await selfTest(gpu, [])).precisions[0].checks;
  const checks = await checksOf(first);
  (await checksOf(first)).forEach((check, i) => {
    expect(check).toBe(checks[i]);
  });
  expect((await checksOf(second))[0]).not.toBe(checks[0]);
});

/** What is done to the WGSL, which experiments are tried beside the library, and the checks that must fail; no others may. */
const FAULTS = [
  {
    fault: 'a rotation of Threefry',
    change: [['15u), 26u), 6u)', '15u), 26u), 7u)']],
    tried: [],
    fails: ['Random bits'],
  },
  {
    fault: 'a tail coefficient, by 1e-5',
    change: [['2.7568153900', '2.7568429582']],
    tried: [],
    fails: ['Normal quantiles'],
  },
  { fault: 'exp2, by 2e-5', change: [['exp2(', '1.00002 * exp2(']], tried: workloads, fails: ['Model stamp'] },
  {
    fault: 'the rotation of a step, by 1e-4, and the kinetic energy, by 1e-3',
    change: [
      ['rotation(step)', 'rotation(0.9999 * step)'],
      ['0.5 * total', '0.4995 * total'],
    ],
    tried: workloads,
    fails: ['HMC draws', 'HMC energy errors', 'HMC acceptance'],
  },
] as const;

describe('a device that is wrong in', () => {
  test.each(FAULTS)('$fault', async ({ change, tried, fails }) => {
    const gpu = await openWrongContext((wgsl) => change.reduce((text, [from, to]) => text.replaceAll(from, to), wgsl));
    const [f32] = (await selfTest(gpu, tried)).precisions;
    expect(f32.checks.filter(({ passed }) => !passed).map(({ name }) => name)).toEqual(fails);
    expect(f32.passed).toBe(false);
    expect(gpu.ledger.current).toBe(0);
    const refused = await passedSelfTest(gpu, tried, 'f32').catch((error) => error);
    expect(refused).toBeInstanceOf(SelfTestError);
    expect(refused.message).toContain(`self-test of f32 on ${gpu.report.name} failed. ${fails[0]}: `);
    expect(refused.message).toMatch(/ is [\d.e+-]+, allowed [\d.e+-]+/);
  });
});

test('kernels that do not compile are a failed check with the compiler’s words', async () => {
  const gpu = await openWrongContext((wgsl) => wgsl.replace('fn rotation', 'fn rotation2'));
  const [f32] = (await selfTest(gpu, workloads)).precisions;
  expect(
    f32.checks
      .filter(({ passed }) => !passed)
      .map(checkInWords)
      .join(),
  ).toMatch(/^Shear: .*rotation/s);
  expect(gpu.ledger.current).toBe(0);
});

test('a device that is lost meanwhile is neither passed nor failed', async () => {
  const gpu = await openTestContext();
  const report = selfTest(gpu, workloads);
  gpu.destroy();
  await expect(report).rejects.toBeInstanceOf(DeviceLostError);
  expect(gpu.ledger.current).toBe(0);
});

test('the stored values are those of the twins', async () => {
  const { note: _, ...library } = storedLibrary;
  const { note: __, ...shear } = storedShear;
  const fresh = deriveLibrary();
  expect(fresh.words).toEqual(library.words);
  const numbers = (values: object) => Object.values(values).flat(2) as number[];
  const pairs = [fresh.normals.map((value, i) => [value, library.normals[i]])];
  const derived = numbers(await deriveShear());
  pairs.push(numbers(shear).map((value, i) => [value, derived[i]]));
  // Engines differ in the last bits of a logarithm.
  for (const [value, stored] of pairs.flat()) expect(Math.abs(value - stored)).toBeLessThan(1e-8);
  expect(derived).toHaveLength(numbers(shear).length);
});
