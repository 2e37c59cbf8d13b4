/** What everybody evaluates: a score network of size S without time and labels, on cells of which every other gene is masked. */
import { initialScoreNetwork } from '../../../src/nn/score-network/init.ts';
import { SCORE_SIZES, type ScoreNetworkSpec, scoreFlops, scoreParameters } from '../../../src/nn/score-network/spec.ts';
import { type Parameters, parametersOf, scoreForward } from '../../../src/nn/score-network/twin.ts';
import type { SamplerSettings } from '../../../src/workloads/cells/sampling/settings.ts';

const BINS = 16;
/** Steps of a sampling: in one of them so many genes of a cell reveal as genes over steps. */
export const STEPS = 64;
/** Amplitude of the waves that fill the tensors which a training starts at zero. */
const WAVE = 0.1;
/** Cells that are held against the f64 twin. */
export const JUDGED = 2;

export interface CellsProblem {
  readonly spec: ScoreNetworkSpec;
  readonly weights: Float32Array<ArrayBuffer>;
  readonly parameters: Parameters;
  readonly count: number;
  /** Of an evaluation of a cell, all its logits. */
  readonly flop: number;
  /** The twin's logits of the first cells, [JUDGED][genes][bins]. */
  readonly judge: Float64Array;
}

/** Random weights: the speed hangs on shapes alone, agreement on numbers of natural size. */
export function cellsProblem(genes: number): CellsProblem {
  const spec: ScoreNetworkSpec = {
    variant: 'lockstep',
    ...SCORE_SIZES.S,
    genes,
    bins: BINS,
    perturbations: 0,
    cellTypes: 0,
    timeFeatures: 0,
  };
  const weights = initialScoreNetwork(spec, 3).map(
    (value, i) => value + WAVE * Math.sin(1.3 * i + 0.4 * ((i * i) % 7)),
  );
  const parameters = parametersOf(spec, weights);
  const judge = scoreForward(spec, parameters, { cells: JUDGED, tokens: tokensOf(spec, JUDGED) }).logits;
  return { spec, weights, parameters, count: scoreParameters(spec), flop: scoreFlops(spec), judge };
}

/** [cells][genes]. */
export function tokensOf({ genes, bins }: ScoreNetworkSpec, cells: number): Uint8Array {
  return Uint8Array.from({ length: cells * genes }, (_, i) =>
    i % 2 === 0 ? bins : (7 * i + Math.floor(i / genes)) % bins,
  );
}

/** Every cell reveals its genes in equal shares. */
export function settingsOf({ genes, bins }: ScoreNetworkSpec, steps = STEPS): SamplerSettings {
  return { genes, bins, rule: 'balanced', schedule: 'loglinear', steps, temperature: 1, guidance: 1 };
}

export const seedsOf = (cells: number) => Uint32Array.from({ length: cells }, (_, i) => 1000 + i);

/** A matrix [in][out], a table or a vector. */
export function tensorOf({ parameters }: CellsProblem, name: string): Float32Array<ArrayBuffer> {
  const values = parameters.get(name);
  if (!values) throw new Error(`The network has no ${name}.`);
  return Float32Array.from(values as ArrayLike<number>);
}

/** Parts of the modulations: without labels and time they are biases. Scales with the 1 that they are added to. */
export function modulationsOf(problem: CellsProblem, name: string): Float32Array<ArrayBuffer>[] {
  const { width } = problem.spec;
  const all = tensorOf(problem, `${name}.bias`);
  return Array.from({ length: all.length / width }, (_, part) => {
    const values = all.slice(part * width, (part + 1) * width);
    return part % 3 === 1 ? values.map((value) => 1 + value) : values;
  });
}

/** Largest difference from the twin over the root mean square of its logits, of the cells that were judged. */
export function differenceFrom({ judge }: CellsProblem, found: ArrayLike<number>): number {
  const count = Math.min(found.length, judge.length);
  let [worst, squares] = [0, 0];
  for (let i = 0; i < count; i++) {
    const difference = Math.abs(found[i] - judge[i]);
    // Not Math.max: a NaN must not be passed over.
    if (!(difference <= worst)) worst = difference;
    squares += judge[i] ** 2;
  }
  return worst / Math.sqrt(squares / count);
}
