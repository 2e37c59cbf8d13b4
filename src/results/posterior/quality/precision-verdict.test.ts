import { expect, test } from 'vitest';
import { FileError } from '../../../bundle/file-error.ts';
import { metricsJson, readMetrics } from './metrics-json.ts';
import { qualityNotes } from './notes.ts';
import { activationBytesASample, precisionVerdict } from './precision-verdict.ts';

import type { PrecisionComparison, PrecisionCost, RunQuality } from './types.ts';

const f32: PrecisionCost = {
  precision: 'f32',
  samplesPerSecond: 1000,
  throughputRatio: 1,
  bytes: 50_000,
  bytesRatio: 1,
  halvedRatio: 1,
  network: {
    matrixBytes: 8000,
    otherWeightBytes: 2000,
    activationBytes: 8192,
    workgroupBytes: 9000,
    workgroupSamples: 16,
  },
  pairs: 2000,
  largestDifference: 0,
  difference99: 0,
  c2st: { value: 0.502, control: 0.502 },
  points: 1000,
};
/** Twice as many samples share a workgroup: its activations take as many bytes as before, those of a sample half. */
const halves: PrecisionCost = {
  ...f32,
  precision: 'f16-storage',
  samplesPerSecond: 1900,
  throughputRatio: 1.9,
  bytesRatio: 0.9,
  halvedRatio: 0.5,
  network: { ...f32.network!, matrixBytes: 4000, workgroupSamples: 32 },
  largestDifference: 2e-3,
  difference99: 1e-3,
  c2st: { value: 0.504, control: 0.502 },
};

test('the three claims about halves are told, each as it was measured', () => {
  expect(activationBytesASample(f32.network!)).toBe(512);
  expect(precisionVerdict(halves, f32)).toEqual({
    good: true,
    words:
      'as accurate as f32 (C2ST 0.504, f32 against f32 0.502; largest difference 2.0e-3 of the rms), ×1.90 as fast, weights ×0.60, activations ×0.50',
  });
  const words = (change: Partial<PrecisionCost>) => precisionVerdict({ ...halves, ...change }, f32).words;
  expect(words({ throughputRatio: 1.02 })).toContain('no faster (×1.02)');
  expect(words({ throughputRatio: 0.7 })).toContain('slower, ×0.70 the speed');
  expect(words({ network: undefined })).toContain('×0.90 the memory');
});

test('a limit that is broken is said, and whether chance breaks it', () => {
  const verdict = (change: Partial<PrecisionCost>) => precisionVerdict({ ...halves, ...change }, f32);
  expect(verdict({ largestDifference: 0.1 })).toMatchObject({ good: false });
  expect(verdict({ largestDifference: 0.1 }).words).toMatch(
    /^not as accurate as f32 \(single samples: largest difference 1\.0e-1 of the rms, above 0\.005, which 99 % of the samples keep; /,
  );
  expect(verdict({ largestDifference: 0.1, difference99: 0.02 }).words).not.toContain('99 %');
  // A narrow posterior magnifies what rounding does to the velocity, which the limit is about.
  const narrow = verdict({ largestDifference: 0.1, velocityDifference: 4e-3 });
  expect(narrow).toMatchObject({ good: true, words: expect.stringContaining('4.0e-3 of the velocity)') });
  expect(verdict({ largestDifference: 0.1, velocityDifference: 0.02 }).words).toContain(
    '2.0e-2 of the velocity, above 0.005',
  );
  // Two standard errors of 1,000 points are 0.032, of 10,000 points 0.010.
  const near = { value: 0.53, control: 0.502 };
  expect(verdict({ c2st: near })).toMatchObject({ good: true, words: expect.stringContaining('of so few points') });
  expect(verdict({ c2st: near, points: 10_000 })).toMatchObject({ good: false });
  expect(verdict({ c2st: near, points: 10_000 }).words).toMatch(
    /^not as accurate as f32 \(C2ST 0\.530, f32 against f32 0\.502, above 0\.51\), /,
  );
});

test('there is one verdict, at the head of the sentence, and the mark beside it is the same', () => {
  for (const largestDifference of [1e-4, 1])
    for (const value of [0.5, 0.6]) {
      const { good, words } = precisionVerdict(
        { ...halves, largestDifference, points: 10_000, c2st: { value, control: 0.5 } },
        f32,
      );
      expect(words.startsWith(good ? 'as accurate as f32' : 'not as accurate as f32')).toBe(true);
      expect(words.match(/accurate/g)).toHaveLength(1);
    }
});

const comparison: PrecisionComparison = {
  adapter: 'SwiftShader',
  software: true,
  file: { name: 'gaussian.safetensors', sha256: 'sha256:00' },
  items: ['gaussian_own-1'],
  samples: 2000,
  repeats: 3,
  seconds: 12.5,
  costs: [f32, { ...halves, velocityDifference: 1e-3, samplesPerSecond: Number.NaN, network: undefined }],
  lacking: [{ precision: 'f16', reason: 'SwiftShader does not offer shader-f16' }],
};

test('metrics.json holds it beside the quality, and reads it back; README notes tell it', () => {
  const none = { size: 'quick', items: 1, compared: [], failed: [], mean: null, calibration: null } as const;
  const quality: RunQuality = { ...none, precisions: comparison };
  const json = JSON.parse(metricsJson(quality));
  expect(json.definitions.precisions).toContain('|v16 - v32|');
  const { network: _, ...withoutNetwork } = comparison.costs[1];
  const costs = [f32, withoutNetwork];
  expect(readMetrics('a.zip', json)).toEqual({ ...none, precisions: { ...comparison, costs } });
  expect(qualityNotes(quality)).toEqual([expect.stringMatching(/^f16-storage: as accurate as f32 .*C2ST 0\.504/)]);
  expect(JSON.parse(metricsJson(none))).not.toHaveProperty('precisions');
  const bad = (change: object) => () =>
    readMetrics('a.zip', { ...json, precisions: { ...json.precisions, ...change } });
  expect(bad({ costs: [] })).toThrow('compares no precisions');
  expect(bad({ costs: [{ ...json.precisions.costs[0], precision: 'f8' }] })).toThrow(FileError);
  expect(bad({ lacking: 3 })).toThrow('has 3 where a list belongs');
});
