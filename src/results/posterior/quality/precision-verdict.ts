/** What a precision costs and brings, in words. */
import { c2stError } from './chance.ts';
import type { PrecisionCost } from './types.ts';

/** Largest |v16 − v32|/rms of velocities: beyond it arithmetic is more than rounding. Of values that are no velocities, of the samples themselves. */
export const PARITY_LIMIT = 5e-3;
/** C2ST of samples in halves against those in f32, as 10,000 points on either side show it. */
export const PRECISION_C2ST_LIMIT = 0.51;
/** Speeds that differ by less are not told apart. */
export const SPEED_NOISE = 0.1;

export interface PrecisionVerdict {
  /** Both limits are kept. */
  readonly good: boolean;
  readonly words: string;
}

/** Of a row against the first, which is f32: one sentence, its verdict first. */
export function precisionVerdict(cost: PrecisionCost, reference: PrecisionCost): PrecisionVerdict {
  if (cost === reference)
    return { good: true, words: `the reference; C2ST of two of its own samples ${cost.c2st.control.toFixed(3)}` };
  const good = parity(cost) <= PARITY_LIMIT && isAlike(cost);
  const verdict = good ? 'as accurate as f32' : 'not as accurate as f32';
  return { good, words: `${verdict} (${accuracyWords(cost)}), ${speedWords(cost)}, ${memoryWords(cost, reference)}` };
}

/** Within the limit, or as near to the control as chance brings so many points. */
function isAlike({ c2st: { value, control }, points }: PrecisionCost): boolean {
  return value <= PRECISION_C2ST_LIMIT || value - control <= 2 * c2stError(points);
}

function speedWords({ throughputRatio: ratio }: PrecisionCost): string {
  if (ratio > 1 + SPEED_NOISE) return `${times(ratio)} as fast`;
  if (ratio < 1 - SPEED_NOISE) return `slower, ${times(ratio)} the speed`;
  return `no faster (${times(ratio)})`;
}

function memoryWords({ network, bytesRatio }: PrecisionCost, reference: PrecisionCost): string {
  if (!network || !reference.network) return `${times(bytesRatio)} the memory`;
  return `weights ${times(weightBytes(network) / weightBytes(reference.network))}, activations ${times(activationBytesASample(network) / activationBytesASample(reference.network))}`;
}

/** What the limit is about. */
export function parity({ velocityDifference, largestDifference }: PrecisionCost): number {
  return velocityDifference ?? largestDifference;
}

/** What the verdict rests on: the limit that is broken, or both that are kept. */
function accuracyWords(cost: PrecisionCost): string {
  const { value, control } = cost.c2st;
  const few = value > PRECISION_C2ST_LIMIT && isAlike(cost) ? ', as chance has it of so few points' : '';
  const c2st = `C2ST ${value.toFixed(3)}, f32 against f32 ${control.toFixed(3)}${few}`;
  if (!isAlike(cost)) return `${c2st}, above ${PRECISION_C2ST_LIMIT}`;
  const of = cost.velocityDifference === undefined ? 'rms' : 'velocity';
  const largest = `largest difference ${parity(cost).toExponential(1)} of the ${of}`;
  if (parity(cost) <= PARITY_LIMIT) return `${c2st}; ${largest}`;
  // Near a watershed a sample may end at another mode, however small the rounding.
  const most = cost.difference99 <= PARITY_LIMIT ? ', which 99 % of the samples keep' : '';
  return `single samples: ${largest}, above ${PARITY_LIMIT}${most}; their distribution is the same, ${c2st}`;
}

const times = (ratio: number) => `×${ratio.toFixed(2)}`;

/** All weights on the device. */
export function weightBytes({ matrixBytes, otherWeightBytes }: NonNullable<PrecisionCost['network']>): number {
  return matrixBytes + otherWeightBytes;
}

/** Hidden activations in workgroup memory; tiles of different precisions may hold different numbers of samples. */
export function activationBytesASample(network: NonNullable<PrecisionCost['network']>): number {
  return network.activationBytes / network.workgroupSamples;
}
