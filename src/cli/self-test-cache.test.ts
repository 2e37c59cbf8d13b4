/** Verdicts of self-tests that are remembered, and when they are not believed. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { gaussianWorkload } from '../engine/test-support/gaussian.ts';
import type { GpuContext } from '../gpu/context.ts';
import { closeTestContexts, openTestContext } from '../gpu/testing.ts';
import { selfTestCheck } from '../workloads/self-test.ts';
import { SelfTestCache } from './self-test-cache.ts';
import { selfTestLine } from './self-test-lines.ts';

let scratch: string;
let cache: SelfTestCache;
let gpu: GpuContext;
/** A context is tried once, whoever asks: a process that follows has one of its own. */
const nextProcess = (more: Partial<GpuContext> = {}) =>
  new Proxy(gpu, {
    get(target, key) {
      const value: unknown = Reflect.get(key in more ? more : target, key, key in more ? more : target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'lockstep-self-test-'));
  gpu = await openTestContext();
});
beforeEach(() => {
  cache = new SelfTestCache({ XDG_CACHE_HOME: scratch });
  rmSync(cache.path, { force: true });
});
afterAll(async () => {
  rmSync(scratch, { recursive: true });
  await closeTestContexts();
});

/** An experiment whose own check has this error, and how often it was tried. */
function experiment(measured: number) {
  const tried = { times: 0 };
  const selfTest = async () => {
    tried.times++;
    const about = { name: 'Sums', precision: 'f32' as const, measure: 'largest error', reason: 'f32' };
    return [selfTestCheck({ ...about, measured, allowed: 1 })];
  };
  return { tried, workload: { ...gaussianWorkload(), selfTest } };
}

test('a device that has passed is believed by the next process, which says since when, and tried again when asked', async () => {
  const { tried, workload } = experiment(0.5);
  const first = await cache.passed(nextProcess(), workload, 'f32', false);
  expect(first.testedAt).toBeUndefined();
  const second = await cache.passed(nextProcess(), workload, 'f32', false);
  expect(tried.times).toBe(1);
  expect(second.precisions).toEqual(first.precisions);
  expect(selfTestLine(second, 'f32')).toMatch(/passed on \d{4}-\d\d-\d\d \(--self-test tries it again\): 3 checks/);
  await cache.passed(nextProcess(), workload, 'f32', true);
  await cache.clear();
  await cache.passed(nextProcess(), workload, 'f32', false);
  expect(tried.times).toBe(3);
});

test('one that fails is tried every time', async () => {
  const { tried, workload } = experiment(2);
  for (let i = 0; i < 2; i++)
    await expect(cache.passed(nextProcess(), workload, 'f32', false)).rejects.toThrow('Sums: largest error is 2');
  expect(tried.times).toBe(2);
});

test('another driver, an old verdict and a file of nonsense count for nothing', async () => {
  const { tried, workload } = experiment(0.5);
  await cache.passed(nextProcess(), workload, 'f32', false);
  const whole = readFileSync(cache.path, 'utf8');
  const other = nextProcess({ report: { ...gpu.report, description: 'driver 2.0' } });
  await cache.passed(other, workload, 'f32', false);
  expect(tried.times).toBe(2);
  const old = whole.replace(/"at":"\d{4}/, '"at":"2001');
  mkdirSync(dirname(cache.path), { recursive: true });
  for (const text of [old, 'null', '[{}]', '{"schema":"lockstep-self-test-1","entries":[{"key":1}]}', '\0']) {
    writeFileSync(cache.path, text);
    const before = tried.times;
    await cache.passed(nextProcess(), workload, 'f32', false);
    expect(tried.times, text.slice(0, 40)).toBe(before + 1);
  }
});
