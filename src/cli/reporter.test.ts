import { expect, test } from 'vitest';
import { NO_MEMORY } from '../engine/run/memory-use.ts';
import type { RunProgress } from '../engine/run/progress.ts';
import { duration, Reporter, significant } from './reporter.ts';

function progress(elapsedMs: number): RunProgress {
  return {
    state: 'running',
    phase: 'sample',
    mode: 'webgpu',
    rescue: 0,
    chunk: { index: 1, count: 4, size: 16, watchable: [16, 17] },
    items: { done: 16, failed: 0, total: 64 },
    transitions: { done: 112, total: 224 },
    fraction: 0.375,
    elapsedMs,
    etaMs: 90_000,
    itemsPerSecond: 5,
    gradientsPerSecond: 123_456,
    gradients: 1e6,
    essPerSecond: 10,
    busyMs: 100,
    clock: 'wall',
    memory: { ...NO_MEMORY, currentBytes: 1, peakBytes: 1 },
    bound: 'gpu',
  };
}

function recorder(isTTY: boolean) {
  const parts: string[] = [];
  return { parts, isTTY, columns: 200, write: (text: string) => parts.push(text) };
}

/** Of an experiment. */
const words = { itemName: { one: 'galaxy', many: 'galaxies' }, workName: 'gradients' };

test('a log gets a whole line at most every five seconds', () => {
  const out = recorder(false);
  const reporter = new Reporter(out, false, words);
  for (let ms = 0; ms <= 20_000; ms += 100) reporter.progress(progress(ms));
  expect(out.parts).toHaveLength(4);
  expect(out.parts[0]).toBe('38 %  chunk 2/4 sample  16/64 galaxies  123,000 gradients/s  0:05, 1:30 left\n');
});

test('a run of several stages names the one in hand', () => {
  const out = recorder(false);
  new Reporter(out, false, words).progress({ ...progress(9000), stage: 'fisher', rescue: 1 });
  expect(out.parts[0]).toContain('  fisher, rescue 1, chunk 2/4 sample  ');
});

test('a terminal gets one line, redrawn, no wider than it is', () => {
  const out = { ...recorder(true), columns: 40 };
  const reporter = new Reporter(out, false, words);
  reporter.progress(progress(1000));
  reporter.say('note');
  expect(out.parts[0].startsWith('\r\x1b[2K█████████░')).toBe(true);
  expect(out.parts[0].replace('\r\x1b[2K', '').length).toBeLessThan(40);
  expect(out.parts.slice(1)).toEqual(['\r\x1b[2K', 'note\n']);
});

test('quiet leaves only warnings', () => {
  const out = recorder(true);
  const reporter = new Reporter(out, true, words);
  reporter.progress(progress(9000));
  reporter.say('note');
  reporter.warn('lost');
  expect(out.parts).toEqual(['lost\n']);
});

test('durations and numbers as people write them', () => {
  expect([0, 7000, 760_000, 3_723_000].map(duration)).toEqual(['0:00', '0:07', '12:40', '1:02:03']);
  expect([0.012345, 45.67, 7890, Number.NaN].map(significant)).toEqual(['0.0123', '45.7', '7,890', '–']);
});
