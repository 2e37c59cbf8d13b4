/**
 * A network that predicts the hidden genes of a cell from those that are seen: p(x_i = v | visible), the score of absorbing diffusion up to a
 * factor of time (`lockstep`), and the seed project's architecture (`origin`). Both embed tokens and genes, run blocks of attention and a
 * perceptron of four times the width, and project on bins.
 *
 *     lockstep   x ← x + g·Attn(LN(x)(1 + k) + s), then the perceptron likewise; (s, k, g) from SiLU(c) (adaLN-zero, Peebles & Xie 2023)
 *     origin     x ← x + Attn(γ LN(x) + β), (γ, β) from c; rotary positions over the gene's index, no bias in attention and output
 *     c          = MLP(sinusoids of σ) + MLP(perturbation) + MLP(cell type), where they exist; zero otherwise
 */

export const SCORE_VARIANTS = ['lockstep', 'origin'] as const;
export type ScoreVariant = (typeof SCORE_VARIANTS)[number];

export interface ScoreNetworkSpec {
  readonly variant: ScoreVariant;
  /** Blocks. */
  readonly layers: number;
  /** Numbers a gene, a multiple of 8 and of `heads`. */
  readonly width: number;
  readonly heads: number;
  /** Rows of the gene table; a cell has as many genes or fewer. */
  readonly genes: number;
  /** Bins V; token V is the mask. */
  readonly bins: number;
  /** Labels without "none"; 0 where there is no such condition. */
  readonly perturbations: number;
  readonly cellTypes: number;
  /** Sines and cosines of σ, an even number; 0: the network knows no time (lockstep only). */
  readonly timeFeatures: number;
}

/** Width of the perceptrons over the network's. */
export const EXPANSION = 4;
/** ε of the layer norm. */
export const NORM_EPSILON: Readonly<Record<ScoreVariant, number>> = { lockstep: 1e-6, origin: 1e-5 };
/** Longest wavelength of the time features over 2π, and base of the rotary positions. */
export const LONGEST_PERIOD = 1e4;

/** Shapes by the names users know; S is the seed project's Small. */
export const SCORE_SIZES = {
  XS: { width: 64, layers: 3, heads: 4 },
  S: { width: 128, layers: 4, heads: 4 },
  M: { width: 256, layers: 6, heads: 8 },
} as const;

/** The conditions, as tensors and buffers are named. */
export const CONDITIONS = [
  { name: 'pert', count: 'perturbations' },
  { name: 'cell_type', count: 'cellTypes' },
] as const satisfies readonly { name: string; count: keyof ScoreNetworkSpec }[];

/** Numbers of the output a gene: the origin has one for the mask too, which is never drawn. */
export const outputsOf = ({ variant, bins }: ScoreNetworkSpec) => (variant === 'origin' ? bins + 1 : bins);

/** Vectors of modulation that a block takes from c. */
export const modulations = ({ variant }: ScoreNetworkSpec) => (variant === 'lockstep' ? 6 : 4);

/** Rows of a table of labels: lockstep has one more, "none", the last. */
export const labelRows = ({ variant }: ScoreNetworkSpec, labels: number) =>
  variant === 'lockstep' ? labels + 1 : labels;

/** @throws RangeError for sizes that no kernel has, with the field's name */
export function checkScoreSpec(spec: ScoreNetworkSpec): void {
  const whole = (field: keyof ScoreNetworkSpec, least: number) => {
    const value = spec[field];
    if (typeof value !== 'number' || !Number.isInteger(value) || value < least)
      throw new RangeError(`${field} is ${value}, and a whole number from ${least} is expected`);
  };
  if (!SCORE_VARIANTS.includes(spec.variant))
    throw new RangeError(`variant is ${spec.variant}, and ${SCORE_VARIANTS.join(', ')} are known`);
  for (const field of ['layers', 'width', 'heads', 'genes'] as const) whole(field, 1);
  whole('bins', 2);
  for (const field of ['perturbations', 'cellTypes', 'timeFeatures'] as const) whole(field, 0);
  const { width, heads, timeFeatures, variant } = spec;
  if (width % 8 !== 0) throw new RangeError(`width is ${width}, and a multiple of 8 is expected`);
  if (width % heads !== 0) throw new RangeError(`heads is ${heads}, which does not divide the width ${width}`);
  const head = width / heads;
  if (head % 8 !== 0 || head > 64)
    throw new RangeError(`heads of ${head} numbers (width ${width} over ${heads}): 8, 16 … 64 are expected`);
  if (timeFeatures % 4 !== 0) throw new RangeError(`timeFeatures is ${timeFeatures}, and a multiple of 4 is expected`);
  if (variant === 'origin' && timeFeatures === 0)
    throw new RangeError('timeFeatures is 0, and the origin’s network has time features');
}

/** Parameters by formula (d width, f time features, K labels, V bins); the tensors say the same, see `tensors.test.ts`. */
export function scoreParameters(spec: ScoreNetworkSpec): number {
  const { variant, layers, width: d, genes, bins, perturbations, cellTypes, timeFeatures: f } = spec;
  const time = f === 0 ? 0 : 4 * d * f + 4 * d + 4 * d * d + d;
  const conditions = [perturbations, cellTypes]
    .filter((labels) => labels > 0)
    .reduce((sum, labels) => sum + labelRows(spec, labels) * d + 8 * d * d + 5 * d, 0);
  const shared = (bins + 1 + genes) * d + time + conditions + 2 * d * d + 2 * d;
  return variant === 'lockstep'
    ? shared + layers * (18 * d * d + 15 * d) + bins * (d + 1)
    : shared + layers * (16 * d * d + 9 * d) + (bins + 1) * d;
}

/** Multiply-adds twice, of one evaluation of a cell of `genes` genes (cells.md); conditioning is left out. */
export function scoreFlops(spec: ScoreNetworkSpec, genes = spec.genes): number {
  const { layers, width } = spec;
  return 2 * genes * (12 * width * width * layers + width * outputsOf(spec)) + 4 * genes * genes * width * layers;
}

/** The network's view of time: [sin(σ ω_j), cos(σ ω_j)], ω_j = 1e4^(−j/(f/2)). */
export function timeFeatures({ timeFeatures: count }: ScoreNetworkSpec, sigma: number): Float64Array {
  const features = new Float64Array(count);
  const half = count / 2;
  for (let j = 0; j < half; j++) {
    const angle = sigma * Math.exp((-Math.log(LONGEST_PERIOD) * j) / half);
    features[j] = Math.sin(angle);
    features[half + j] = Math.cos(angle);
  }
  return features;
}
