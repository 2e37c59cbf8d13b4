/** The comparison of precisions in metrics.json back into what it was made of. */
import { FileError } from '../../../bundle/file-error.ts';
import { fieldsOf, listOf, numberOf, textOf } from '../../../bundle/untrusted-json.ts';
import { PRECISIONS, type Precision } from '../../../gpu/precision.ts';
import { METRICS_PATH } from './metrics-json.ts';
import type { PrecisionComparison, PrecisionCost } from './types.ts';

/** @param bundle name of the archive, for messages. @throws FileError for what is not as `metricsJson` writes it. */
export function readPrecisions(bundle: string, json: unknown): PrecisionComparison {
  const fields = (value: unknown) => fieldsOf(bundle, METRICS_PATH, value);
  const list = (value: unknown) => listOf(bundle, METRICS_PATH, value);
  const text = (value: unknown) => textOf(bundle, METRICS_PATH, value);
  // Null stands for a number that JSON has no word for.
  const number = (value: unknown) => (value === null ? Number.NaN : numberOf(bundle, METRICS_PATH, value));
  const precision = (value: unknown): Precision => {
    const known = PRECISIONS.find((each) => each === value);
    if (known) return known;
    throw new FileError(bundle, `${METRICS_PATH} has the precision ${JSON.stringify(value)}`, 'Get the bundle again.');
  };
  const cost = (entry: unknown): PrecisionCost => {
    const { c2st, network, ...rest } = fields(entry);
    const { value, control } = fields(c2st);
    return {
      precision: precision(rest.precision),
      samplesPerSecond: number(rest.samples_per_second),
      throughputRatio: number(rest.throughput_ratio),
      bytes: number(rest.gpu_bytes),
      bytesRatio: number(rest.gpu_bytes_ratio),
      halvedRatio: number(rest.halved_buffers_ratio),
      ...(network !== undefined && { network: memory(network) }),
      pairs: number(rest.pairs),
      largestDifference: number(rest.largest_difference),
      difference99: number(rest.difference_99),
      ...(rest.velocity_difference !== undefined && { velocityDifference: number(rest.velocity_difference) }),
      c2st: { value: number(value), control: number(control) },
      points: number(rest.points),
    };
  };
  const memory = (entry: unknown): NonNullable<PrecisionCost['network']> => {
    const bytes = fields(entry);
    return {
      matrixBytes: number(bytes.matrix_bytes),
      otherWeightBytes: number(bytes.other_weight_bytes),
      activationBytes: number(bytes.activation_bytes),
      workgroupBytes: number(bytes.workgroup_bytes),
      workgroupSamples: number(bytes.workgroup_samples),
    };
  };
  const { file, ...rest } = fields(json);
  const costs = list(rest.costs).map(cost);
  if (costs.length === 0)
    throw new FileError(bundle, `${METRICS_PATH} compares no precisions`, 'Get the bundle again.');
  return {
    adapter: text(rest.adapter),
    software: rest.software === true,
    ...(file !== undefined && { file: { name: text(fields(file).name), sha256: text(fields(file).sha256) } }),
    items: list(rest.observations).map(text),
    samples: number(rest.samples),
    repeats: number(rest.repeats),
    seconds: number(rest.duration_s),
    costs,
    lacking: list(rest.lacking).map((entry) => {
      const { precision: name, reason } = fields(entry);
      return { precision: precision(name), reason: text(reason) };
    }),
  };
}
