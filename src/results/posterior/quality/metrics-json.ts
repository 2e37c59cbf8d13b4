/** metrics.json: a run's quality, and what each number means; written, and read back. */
import * as v from 'valibot';
import { canonicalJson } from '../../../bundle/json.ts';
import { numberOrNaN as number, readJson, record, shown, toFields } from '../../../bundle/json-record.ts';
import { PRECISIONS } from '../../../gpu/precision.ts';
import { METRIC_DEFINITIONS } from './definitions.ts';
import { QUALITY_POINTS, type QualitySize, type RunQuality } from './types.ts';

export const METRICS_PATH = 'metrics.json';

const text = v.string();
const flag = v.optional(v.boolean(), false);
const numbers = v.array(number);

const controlled = record({ value: number, control: number });

const twoSample = { c2st: controlled, mmd2: controlled, slicedW2: controlled, outsidePrior: number };

const item = record(
  {
    index: number,
    runId: text,
    points: number,
    ...twoSample,
    parameters: v.array(record({ name: text, meanShift: number, sdRatio: number })),
    meanShiftError: number,
  },
  { meanShiftError: 'mean_shift_err' },
);

const ks = { ksStatistic: number, ksPValue: number };
const KS_NAMES = { ksPValue: 'ks_pvalue' };

const calibration = record({
  n: number,
  draws: number,
  parameters: v.array(
    record({
      name: text,
      sbc: record(
        {
          n: number,
          maxRank: number,
          ranks: numbers,
          counts: numbers,
          expectedCount: number,
          ...ks,
          ecdfDifference: numbers,
          band: number,
          withinBand: flag,
        },
        { ...KS_NAMES, band: 'ecdf_band' },
      ),
      coverage: v.array(
        record(
          { level: number, inside: number, n: number, observed: number, error: number },
          { inside: 'n_covered', n: 'n_total', error: 'binomial_err' },
        ),
      ),
    }),
  ),
  tarp: record(
    {
      alpha: numbers,
      ecp: numbers,
      band: v.array(v.tuple([number, number])),
      insideBand: number,
      atc: number,
      ...ks,
    },
    KS_NAMES,
  ),
});

const precision = v.picklist(PRECISIONS, ({ input }) => `has the precision ${shown(input)}`);

const cost = record(
  {
    precision,
    samplesPerSecond: number,
    throughputRatio: number,
    bytes: number,
    bytesRatio: number,
    halvedRatio: number,
    network: v.optional(
      record({
        matrixBytes: number,
        otherWeightBytes: number,
        activationBytes: number,
        workgroupBytes: number,
        workgroupSamples: number,
      }),
    ),
    pairs: number,
    largestDifference: number,
    difference99: number,
    velocityDifference: v.optional(number),
    c2st: controlled,
    points: number,
  },
  {
    bytes: 'gpu_bytes',
    bytesRatio: 'gpu_bytes_ratio',
    halvedRatio: 'halved_buffers_ratio',
    difference99: 'difference_99',
  },
);

const precisions = record(
  {
    adapter: text,
    software: flag,
    file: v.optional(record({ name: text, sha256: text })),
    items: v.array(text),
    samples: number,
    repeats: number,
    seconds: number,
    costs: v.pipe(v.array(cost), v.minLength(1, 'compares no precisions')),
    lacking: v.array(record({ precision, reason: text })),
  },
  { items: 'observations', seconds: 'duration_s' },
);

const quality = record(
  {
    size: v.picklist(Object.keys(QUALITY_POINTS) as QualitySize[], ({ input }) => `is of the size ${shown(input)}`),
    items: number,
    compared: v.array(item),
    failed: v.array(record({ index: number, runId: text, reason: text })),
    mean: v.nullable(record({ ...twoSample, largestMeanShift: number, worstSdRatio: number })),
    calibration: v.nullable(calibration),
    precisions: v.optional(precisions),
  },
  { items: 'n_observations', compared: 'observations' },
);

/** Text of metrics.json; a number that is not finite is null. */
export function metricsJson(measured: RunQuality): string {
  return canonicalJson({
    ...toFields(quality, measured),
    definitions: METRIC_DEFINITIONS,
    n_compared: measured.compared.length,
  });
}

/** @param bundle name of the archive, for messages. @throws FileError for what is not as `metricsJson` writes it. */
export function readMetrics(bundle: string, json: unknown): RunQuality {
  return readJson(bundle, METRICS_PATH, quality, json);
}
