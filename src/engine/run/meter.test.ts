import { expect, test } from 'vitest';
import type { ChunkProgress } from '../../workloads/workload.ts';
import { RunMeter } from './meter.ts';

/** A meter with a clock that the test moves. */
function makeMeter(items: number) {
  const clock = { ms: 5000 };
  const meter = new RunMeter(items, () => clock.ms);
  const report = (transitions: number, gradients: number, busyMs = 0): ChunkProgress => ({
    phase: transitions < 100 ? 'sample' : 'done',
    steps: transitions,
    stepsTotal: 100,
    work: gradients,
    busyMs,
    clock: 'wall',
  });
  return { clock, meter, report };
}

test('compiling counts as elapsed time, but neither for rates nor for the time left', () => {
  const { clock, meter, report } = makeMeter(20);
  meter.start();
  clock.ms += 4000;
  meter.beginChunk(10);
  clock.ms += 1000;
  meter.report(report(50, 5000));
  expect(meter.read(false)).toMatchObject({ elapsedMs: 5000, fraction: 0.25, etaMs: 3000, gradients: 5000 });
  clock.ms += 1000;
  meter.report(report(100, 10_000));
  meter.endChunk(4000);
  expect(meter.read(true)).toMatchObject({ itemsPerSecond: 5, gradientsPerSecond: 5000, essPerSecond: 2000, etaMs: 0 });
});

test('live rates follow a change within seconds', () => {
  const { clock, meter, report } = makeMeter(10);
  meter.start();
  meter.beginChunk(10);
  let gradients = 0;
  const run = (seconds: number, perSecond: number) => {
    for (let i = 0; i < seconds * 10; i++) {
      clock.ms += 100;
      gradients += perSecond / 10;
      meter.report(report(50, gradients));
    }
    return meter.read(false).gradientsPerSecond;
  };
  expect(run(10, 1000)).toBeCloseTo(1000);
  expect(run(4, 200)).toBeCloseTo(200);
});

test('chunks add up, failed ones included', () => {
  const { clock, meter, report } = makeMeter(6);
  meter.start();
  for (const size of [4, 2]) {
    meter.beginChunk(size);
    clock.ms += 500;
    meter.report(report(100, size * 10, 400));
    meter.endChunk(0);
  }
  expect(meter.read(true)).toMatchObject({ fraction: 1, gradients: 60, busyMs: 800, itemsPerSecond: 6 });
});

test('a chunk that takes ever more than it said has no negative rate and no end in sight', () => {
  const { clock, meter, report } = makeMeter(3);
  meter.start();
  meter.beginChunk(3);
  const rates: number[] = [];
  for (let round = 1; round <= 40; round++) {
    for (const done of [50, 100]) {
      clock.ms += 500;
      // As rounds of samples are told: the last step of a round is told once there is another.
      const transitionsTotal = 100 * (done === 100 ? round + 1 : round);
      meter.report({ ...report(100 * (round - 1) + done, 0), stepsTotal: transitionsTotal });
      rates.push(meter.read(false).itemsPerSecond);
    }
    if (round === 1) expect(meter.read(false).etaMs).toBe(1000);
  }
  expect(Math.min(...rates)).toBe(0);
  const { etaMs, fraction } = meter.read(false);
  expect(etaMs).toBeNull();
  expect(fraction).toBeLessThan(0.9);
  meter.endChunk(0);
  expect(meter.read(false).fraction).toBe(1);
});

test('what holds a run back is judged by the share of its whole time, and not of a moment', () => {
  const { clock, meter, report } = makeMeter(2);
  meter.start();
  clock.ms += 1200;
  meter.beginChunk(2);
  clock.ms += 900;
  meter.report(report(50, 10, 870));
  expect(meter.read(false).busyShare).toBeNull();
  clock.ms += 900;
  meter.report(report(100, 20, 1740));
  meter.endChunk(0);
  expect(meter.read(true).busyShare).toBeCloseTo(1740 / 3000, 10);
});

test('the device is the bottleneck when it is busy most of the time', () => {
  expect(RunMeter.bound(null)).toBe('unknown');
  expect(RunMeter.bound(0.95)).toBe('gpu');
  expect(RunMeter.bound(0.66)).toBe('unknown');
  expect(RunMeter.bound(0.3)).toBe('cpu');
});
