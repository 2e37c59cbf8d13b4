/** metrics.json: a run's quality, and what each number means. */
import { canonicalJson, type JsonValue } from '../../../bundle/json.ts';
import { METRIC_DEFINITIONS } from './definitions.ts';
import type {
  Calibration,
  ItemQuality,
  ParameterCalibration,
  PrecisionComparison,
  PrecisionCost,
  QualityMean,
  RunQuality,
} from './types.ts';

export const METRICS_PATH = 'metrics.json';

/** Text of metrics.json; a number that is not finite is null. */
export function metricsJson({ size, items, compared, failed, mean, calibration, precisions }: RunQuality): string {
  return canonicalJson({
    size,
    definitions: METRIC_DEFINITIONS,
    n_observations: items,
    n_compared: compared.length,
    mean: mean && meanJson(mean),
    observations: compared.map(itemJson),
    failed: failed.map(({ index, runId, reason }) => ({ index, run_id: runId, reason })),
    calibration: calibration && calibrationJson(calibration),
    ...(precisions && { precisions: precisionsJson(precisions) }),
  });
}

function controlled({ value, control }: { readonly value: number; readonly control: number }): JsonValue {
  return { value: finite(value), control: finite(control) };
}

function twoSample({
  c2st,
  mmd2,
  slicedW2,
  outsidePrior,
}: Pick<QualityMean, 'c2st' | 'mmd2' | 'slicedW2' | 'outsidePrior'>) {
  return {
    c2st: controlled(c2st),
    mmd2: controlled(mmd2),
    sliced_w2: controlled(slicedW2),
    outside_prior: finite(outsidePrior),
  };
}

function meanJson(mean: QualityMean): JsonValue {
  return {
    ...twoSample(mean),
    largest_mean_shift: finite(mean.largestMeanShift),
    worst_sd_ratio: finite(mean.worstSdRatio),
  };
}

function itemJson(item: ItemQuality): JsonValue {
  return {
    index: item.index,
    run_id: item.runId,
    points: item.points,
    ...twoSample(item),
    parameters: item.parameters.map(({ name, meanShift, sdRatio }) => ({
      name,
      mean_shift: finite(meanShift),
      sd_ratio: finite(sdRatio),
    })),
    mean_shift_err: finite(item.meanShiftError),
  };
}

function calibrationJson({ n, draws, parameters, tarp }: Calibration): JsonValue {
  return {
    n,
    draws,
    parameters: parameters.map(parameterJson),
    tarp: {
      alpha: tarp.alpha,
      ecp: tarp.ecp,
      band: tarp.band,
      inside_band: tarp.insideBand,
      atc: tarp.atc,
      ks_statistic: tarp.ksStatistic,
      ks_pvalue: tarp.ksPValue,
    },
  };
}

function precisionsJson(comparison: PrecisionComparison): JsonValue {
  const { adapter, software, file, items, samples, repeats, seconds, costs, lacking } = comparison;
  return {
    adapter,
    software,
    ...(file && { file: { name: file.name, sha256: file.sha256 } }),
    observations: items,
    samples,
    repeats,
    duration_s: seconds,
    costs: costs.map(costJson),
    lacking: lacking.map(({ precision, reason }) => ({ precision, reason })),
  };
}

function costJson({ network, ...cost }: PrecisionCost): JsonValue {
  return {
    precision: cost.precision,
    samples_per_second: finite(cost.samplesPerSecond),
    throughput_ratio: finite(cost.throughputRatio),
    gpu_bytes: cost.bytes,
    gpu_bytes_ratio: cost.bytesRatio,
    halved_buffers_ratio: cost.halvedRatio,
    ...(network && {
      network: {
        matrix_bytes: network.matrixBytes,
        other_weight_bytes: network.otherWeightBytes,
        activation_bytes: network.activationBytes,
        workgroup_bytes: network.workgroupBytes,
        workgroup_samples: network.workgroupSamples,
      },
    }),
    pairs: cost.pairs,
    largest_difference: finite(cost.largestDifference),
    difference_99: finite(cost.difference99),
    ...(cost.velocityDifference !== undefined && { velocity_difference: finite(cost.velocityDifference) }),
    c2st: controlled(cost.c2st),
    points: cost.points,
  };
}

function parameterJson({ name, sbc, coverage }: ParameterCalibration): JsonValue {
  return {
    name,
    sbc: {
      n: sbc.n,
      max_rank: sbc.maxRank,
      ranks: sbc.ranks,
      counts: sbc.counts,
      expected_count: sbc.expectedCount,
      ks_statistic: sbc.ksStatistic,
      ks_pvalue: sbc.ksPValue,
      ecdf_difference: sbc.ecdfDifference,
      ecdf_band: sbc.band,
      within_band: sbc.withinBand,
    },
    coverage: coverage.map(({ level, inside, n, observed, error }) => ({
      level,
      n_covered: inside,
      n_total: n,
      observed,
      binomial_err: error,
    })),
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
