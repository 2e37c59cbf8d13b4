/** Costs of precisions as tables. */
import { encodeCsv } from '../../../bundle/csv.ts';
import { activationBytesASample, precisionVerdict, weightBytes } from './precision-verdict.ts';
import type { PrecisionCost } from './types.ts';

export const PRECISION_HEADER = [
  'precision',
  'samples/s',
  'speed',
  'GPU memory',
  'halved buffers',
  'largest |v16 − v32|/rms',
  'at 99 %',
  'C2ST',
  'f32 against f32',
  'points',
  'weights, bytes',
  'hidden matrices',
  'activations a sample, bytes',
  'workgroup, bytes',
  'largest, of velocities',
  'verdict',
];

/** A row for each precision; the first is the reference. */
export function precisionCells(costs: readonly PrecisionCost[]): string[][] {
  return costs.map((cost) => [
    cost.precision,
    Number(cost.samplesPerSecond.toPrecision(3)).toLocaleString('en-US'),
    `×${cost.throughputRatio.toFixed(2)}`,
    `×${cost.bytesRatio.toFixed(2)}`,
    `×${cost.halvedRatio.toFixed(2)}`,
    cost.largestDifference.toExponential(1),
    cost.difference99.toExponential(1),
    cost.c2st.value.toFixed(3),
    cost.c2st.control.toFixed(3),
    cost.points.toLocaleString('en-US'),
    ...(cost.network
      ? [
          weightBytes(cost.network),
          cost.network.matrixBytes,
          activationBytesASample(cost.network),
          cost.network.workgroupBytes,
        ].map((bytes) => bytes.toLocaleString('en-US'))
      : ['', '', '', '']),
    cost.velocityDifference?.toExponential(1) ?? '',
    precisionVerdict(cost, costs[0]).words,
  ]);
}

export function precisionMarkdown(costs: readonly PrecisionCost[]): string {
  const row = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return `${[PRECISION_HEADER, PRECISION_HEADER.map(() => '---'), ...precisionCells(costs)].map(row).join('\n')}\n`;
}

/** Every digit. */
export function precisionCsv(costs: readonly PrecisionCost[]): string {
  return encodeCsv(
    [
      ...['precision', 'samples_per_second', 'throughput_ratio', 'gpu_bytes', 'bytes_ratio', 'halved_buffers_ratio'],
      ...['pairs', 'largest_difference', 'difference_99', 'c2st', 'c2st_control', 'points'],
      ...['hidden_matrix_bytes', 'other_weight_bytes', 'activation_bytes', 'workgroup_bytes', 'workgroup_samples'],
      'velocity_difference',
    ],
    costs.map((cost) => [
      ...[cost.precision, cost.samplesPerSecond, cost.throughputRatio, cost.bytes, cost.bytesRatio, cost.halvedRatio],
      ...[cost.pairs, cost.largestDifference, cost.difference99, cost.c2st.value, cost.c2st.control, cost.points],
      ...[cost.network?.matrixBytes, cost.network?.otherWeightBytes, cost.network?.activationBytes],
      ...[cost.network?.workgroupBytes, cost.network?.workgroupSamples],
      cost.velocityDifference,
    ]),
  );
}
