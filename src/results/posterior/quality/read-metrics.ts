/** metrics.json of a bundle back into what it was made of. */
import { FileError } from '../../../bundle/file-error.ts';
import { type Fields, fieldsOf, listOf, numberOf, numbersOf, textOf } from '../../../bundle/untrusted-json.ts';
import { METRICS_PATH } from './metrics-json.ts';
import { readPrecisions } from './read-precisions.ts';
import type { Calibration, Controlled, ItemQuality, ParameterCalibration, QualityMean, RunQuality } from './types.ts';

/** @param bundle name of the archive, for messages. @throws FileError for what is not as `metricsJson` writes it. */
export function readMetrics(bundle: string, json: unknown): RunQuality {
  return new MetricsReader(bundle).run(json);
}

class MetricsReader {
  constructor(readonly bundle: string) {}

  run(json: unknown): RunQuality {
    const { size, n_observations, mean, observations, failed, calibration, precisions } = this.#fields(json);
    if (size !== 'quick' && size !== 'full') {
      throw new FileError(
        this.bundle,
        `${METRICS_PATH} is of the size ${JSON.stringify(size)}`,
        'Get the bundle again.',
      );
    }
    return {
      size,
      items: this.#number(n_observations),
      compared: this.#list(observations).map((entry) => this.#item(entry)),
      failed: this.#list(failed).map((entry) => {
        const { index, run_id, reason } = this.#fields(entry);
        return { index: this.#number(index), runId: this.#text(run_id), reason: this.#text(reason) };
      }),
      mean: mean === null ? null : this.#mean(mean),
      calibration: calibration === null ? null : this.#calibration(calibration),
      ...(precisions !== undefined && { precisions: readPrecisions(this.bundle, precisions) }),
    };
  }

  #twoSample({ c2st, mmd2, sliced_w2, outside_prior }: Fields) {
    return {
      c2st: this.#controlled(c2st),
      mmd2: this.#controlled(mmd2),
      slicedW2: this.#controlled(sliced_w2),
      outsidePrior: this.#number(outside_prior),
    };
  }

  #controlled(entry: unknown): Controlled {
    const { value, control } = this.#fields(entry);
    return { value: this.#number(value), control: this.#number(control) };
  }

  #mean(entry: unknown): QualityMean {
    const fields = this.#fields(entry);
    return {
      ...this.#twoSample(fields),
      largestMeanShift: this.#number(fields.largest_mean_shift),
      worstSdRatio: this.#number(fields.worst_sd_ratio),
    };
  }

  #item(entry: unknown): ItemQuality {
    const fields = this.#fields(entry);
    return {
      index: this.#number(fields.index),
      runId: this.#text(fields.run_id),
      points: this.#number(fields.points),
      ...this.#twoSample(fields),
      parameters: this.#list(fields.parameters).map((parameter) => {
        const { name, mean_shift, sd_ratio } = this.#fields(parameter);
        return { name: this.#text(name), meanShift: this.#number(mean_shift), sdRatio: this.#number(sd_ratio) };
      }),
      meanShiftError: this.#number(fields.mean_shift_err),
    };
  }

  #calibration(entry: unknown): Calibration {
    const { n, draws, parameters, tarp: points } = this.#fields(entry);
    const tarp = this.#fields(points);
    return {
      n: this.#number(n),
      draws: this.#number(draws),
      parameters: this.#list(parameters).map((parameter) => this.#parameter(parameter)),
      tarp: {
        alpha: this.#numbers(tarp.alpha),
        ecp: this.#numbers(tarp.ecp),
        band: this.#list(tarp.band).map((interval) => {
          const [lower, upper] = this.#numbers(interval);
          return [lower, upper] as const;
        }),
        insideBand: this.#number(tarp.inside_band),
        atc: this.#number(tarp.atc),
        ksStatistic: this.#number(tarp.ks_statistic),
        ksPValue: this.#number(tarp.ks_pvalue),
      },
    };
  }

  #parameter(entry: unknown): ParameterCalibration {
    const { name, sbc: uniformity, coverage } = this.#fields(entry);
    const sbc = this.#fields(uniformity);
    return {
      name: this.#text(name),
      sbc: {
        n: this.#number(sbc.n),
        maxRank: this.#number(sbc.max_rank),
        ranks: this.#numbers(sbc.ranks),
        counts: this.#numbers(sbc.counts),
        expectedCount: this.#number(sbc.expected_count),
        ksStatistic: this.#number(sbc.ks_statistic),
        ksPValue: this.#number(sbc.ks_pvalue),
        ecdfDifference: this.#numbers(sbc.ecdf_difference),
        band: this.#number(sbc.ecdf_band),
        withinBand: sbc.within_band === true,
      },
      coverage: this.#list(coverage).map((interval) => {
        const fields = this.#fields(interval);
        return {
          level: this.#number(fields.level),
          inside: this.#number(fields.n_covered),
          n: this.#number(fields.n_total),
          observed: this.#number(fields.observed),
          error: this.#number(fields.binomial_err),
        };
      }),
    };
  }

  #fields(value: unknown): Fields {
    return fieldsOf(this.bundle, METRICS_PATH, value);
  }
  #list(value: unknown): readonly unknown[] {
    return listOf(this.bundle, METRICS_PATH, value);
  }
  #text(value: unknown): string {
    return textOf(this.bundle, METRICS_PATH, value);
  }
  /** Null stands for a number that JSON has no word for. */
  #number(value: unknown): number {
    return value === null ? Number.NaN : numberOf(this.bundle, METRICS_PATH, value);
  }
  #numbers(value: unknown): number[] {
    return numbersOf(this.bundle, METRICS_PATH, value);
  }
}
