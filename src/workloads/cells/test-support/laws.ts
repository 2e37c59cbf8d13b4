/** Small laws for tests, made here. */
import { type MixtureTables, normaliseMixture } from '../sampling/mixture-predictor.ts';
import type { SamplerSettings } from '../sampling/settings.ts';
import type { EnumeratedLaw } from '../sampling/table-predictor.ts';

/** A Markov chain of strong couplings over three genes of three bins: P(x₀) P(x₁|x₀) P(x₂|x₁). */
export function chainLaw(): EnumeratedLaw {
  const first = [0.5, 0.3, 0.2];
  const next = [
    [0.8, 0.15, 0.05],
    [0.1, 0.75, 0.15],
    [0.25, 0.05, 0.7],
  ];
  const joint = new Float64Array(27);
  for (let a = 0; a < 3; a++)
    for (let b = 0; b < 3; b++)
      for (let c = 0; c < 3; c++) joint[9 * a + 3 * b + c] = first[a] * next[a][b] * next[b][c];
  return { genes: 3, bins: 3, classes: [joint] };
}

/** Three bits with an even sum, each of four as likely: half of the states are forbidden. */
export function parityLaw(): EnumeratedLaw {
  const even = (state: number) => ((state >> 2) + (state >> 1) + state) % 2 === 0;
  return { genes: 3, bins: 2, classes: [Float64Array.from({ length: 8 }, (_, state) => (even(state) ? 0.25 : 0))] };
}

/** Two classes over two genes of three bins, one with a bin that it never has. */
export function twoClasses(): EnumeratedLaw {
  const a = [0.3, 0.05, 0.05, 0.05, 0.25, 0, 0.1, 0, 0.2];
  const b = [0.05, 0.1, 0.2, 0.15, 0.05, 0.1, 0.05, 0.25, 0.05];
  return { genes: 2, bins: 3, classes: [a, b] };
}

export const PLAIN = { rule: 'tweedie', schedule: 'loglinear', steps: 4, temperature: 1, guidance: 1 } as const;

export function settingsFor(
  { genes, bins }: { readonly genes: number; readonly bins: number },
  changes: Partial<SamplerSettings> = {},
): SamplerSettings {
  return { ...PLAIN, genes, bins, ...changes };
}

/** A mixture of classes with uneven tables that no random number is needed for. */
export function smallMixture(classes: number, genes: number, bins: number): MixtureTables {
  return {
    classes,
    genes,
    bins,
    logPrior: Array.from({ length: classes }, (_, k) => -0.3 * k),
    logProb: Array.from({ length: classes * genes * bins }, (_, at) => 2 * Math.sin(1 + 1.7 * at + 0.01 * at * at)),
  };
}

/** The joint law of a mixture, enumerated. */
export function mixtureJoint(tables: MixtureTables): Float64Array {
  const { classes, genes, bins, logPrior, logProb } = normaliseMixture(tables);
  return Float64Array.from({ length: bins ** genes }, (_, state) => {
    let sum = 0;
    for (let k = 0; k < classes; k++) {
      let log = logPrior[k];
      for (let gene = 0; gene < genes; gene++) {
        const bin = Math.floor(state / bins ** (genes - 1 - gene)) % bins;
        log += logProb[(k * genes + gene) * bins + bin];
      }
      sum += Math.exp(log);
    }
    return sum;
  });
}
