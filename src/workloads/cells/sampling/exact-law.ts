/**
 * The exact law of a sampler's cells, for laws small enough to enumerate: probabilities of all states are carried from step to step, without
 * any random number. What the sampler's counts are held against.
 */
import { argMax, guide } from './draw.ts';
import type { Predictor } from './predictor.ts';
import type { RevealPlan } from './reveal-plan.ts';
import { balancedCount, isIndependent, revealProbabilities } from './rules.ts';
import { argmaxStep, isGuided, type SamplerSettings } from './settings.ts';

export interface ExactLawOptions {
  /** Tokens of a cell to start from, `bins` where hidden; all hidden unless given. */
  readonly start?: ArrayLike<number>;
  /** Perturbation and cell type of the cell; none unless given. */
  readonly labels?: readonly [number, number];
}

/**
 * P(cell) for each of bins^genes cells, first gene slowest.
 * Work grows with (2 bins + 1)^genes: for four genes of four bins about 7,000 transitions a step.
 */
export async function exactLaw(
  settings: SamplerSettings,
  predictor: Predictor,
  { start, labels }: ExactLawOptions = {},
): Promise<Float64Array> {
  const { genes, bins } = settings;
  const states = (bins + 1) ** genes;
  let law = new Float64Array(states);
  const first = Array.from({ length: genes }, (_, gene) => start?.[gene] ?? bins);
  law[numberOf(first, bins + 1)] = 1;
  const conditionals = await conditionalsOf(settings, predictor, labels);
  const hiddenAtFirst = first.filter((token) => token === bins).length;
  for (const step of transitions(settings, hiddenAtFirst)) {
    const next = new Float64Array(states);
    for (let state = 0; state < states; state++) {
      if (law[state] === 0) continue;
      const tokens = tokensOf(state, genes, bins + 1);
      const hidden = tokens.flatMap((token, gene) => (token === bins ? [gene] : []));
      const laws = await conditionals(tokens, step.argmax);
      for (let subset = 0; subset < 1 << hidden.length; subset++) {
        const revealed = hidden.filter((_, i) => (subset >> i) & 1);
        const p = law[state] * step.probability(revealed.length, hidden.length);
        if (p > 0) spread(tokens, revealed, laws, p, bins, next);
      }
    }
    law = next;
  }
  const found = new Float64Array(bins ** genes);
  law.forEach((p, state) => {
    const tokens = tokensOf(state, genes, bins + 1);
    if (tokens.every((token) => token < bins)) found[numberOf(tokens, bins)] += p;
  });
  return found;
}

/** A step: the probability that exactly these `revealed` of the hidden genes reveal. */
interface Transition {
  readonly argmax: boolean;
  probability(revealed: number, hidden: number): number;
}

function transitions(settings: SamplerSettings, hiddenAtFirst: number): Transition[] {
  const { rule, schedule, steps } = settings;
  if (isIndependent(rule)) {
    const each = [...revealProbabilities(rule, schedule, steps)].map((q) => ({
      argmax: false,
      probability: (revealed: number, hidden: number) => q ** revealed * (1 - q) ** (hidden - revealed),
    }));
    const denoise = {
      argmax: argmaxStep(settings) === steps,
      probability: (revealed: number, hidden: number) => (revealed === hidden ? 1 : 0),
    };
    return [...each, denoise];
  }
  // Every set of so many hidden genes is as likely.
  const counts =
    rule === 'balanced'
      ? Array.from({ length: steps }, (_, k) => balancedCount(k, hiddenAtFirst, steps))
      : new Array<number>(hiddenAtFirst).fill(1);
  return counts.map((count) => ({
    argmax: false,
    probability: (revealed, hidden) => (revealed === count ? 1 / choose(hidden, count) : 0),
  }));
}

function choose(n: number, k: number): number {
  let ways = 1;
  for (let i = 0; i < k; i++) ways = (ways * (n - i)) / (i + 1);
  return ways;
}

/** Adds `p` times the product of the genes' laws to all states that the revealed genes can come to. */
function spread(
  tokens: readonly number[],
  revealed: readonly number[],
  laws: Float64Array,
  p: number,
  bins: number,
  into: Float64Array,
): void {
  const walk = (at: number, state: readonly number[], weight: number): void => {
    if (weight === 0) return;
    if (at === revealed.length) {
      into[numberOf(state, bins + 1)] += weight;
      return;
    }
    const gene = revealed[at];
    for (let bin = 0; bin < bins; bin++) walk(at + 1, state.with(gene, bin), weight * laws[gene * bins + bin]);
  };
  walk(0, tokens, p);
}

/** The law that a gene is drawn from, [gene][bin], at any visible state: with guidance and temperature, or all on the most probable bin. */
async function conditionalsOf(settings: SamplerSettings, predictor: Predictor, labels: readonly number[] | undefined) {
  const { genes, bins, temperature, guidance } = settings;
  const all = Uint32Array.from({ length: genes }, (_, gene) => gene);
  const plan: RevealPlan = {
    genes,
    steps: 1,
    rows: all,
    offsets: Uint32Array.of(0, genes),
    cells: Uint32Array.of(0),
    cellOffsets: Uint32Array.of(0, 1),
    places: new Uint32Array(genes),
  };
  const piece = { step: 0, firstRow: 0, rows: genes, firstCell: 0, cells: 1, most: genes };
  const known = labels && Uint32Array.from(labels);
  return async (tokens: readonly number[], argmax: boolean): Promise<Float64Array> => {
    const request = { plan, piece, tokens: Uint8Array.from(tokens) };
    const [found, without] = [new Float64Array(genes * bins), new Float64Array(genes * bins)];
    await predictor.predict({ ...request, labels: known }, found);
    if (isGuided(settings)) {
      await predictor.predict({ ...request, labels: undefined }, without);
      guide(found, without, guidance);
    }
    for (let gene = 0; gene < genes; gene++) {
      const logits = found.subarray(gene * bins, (gene + 1) * bins);
      if (argmax) {
        const best = argMax(logits);
        logits.fill(0)[best] = 1;
        continue;
      }
      const largest = Math.max(...logits);
      logits.forEach((logit, bin) => {
        logits[bin] = Math.exp((logit - largest) / temperature);
      });
      const total = logits.reduce((sum, weight) => sum + weight, 0);
      for (let bin = 0; bin < bins; bin++) logits[bin] /= total;
    }
    return found;
  };
}

/** Number of a state, first gene slowest. */
function numberOf(tokens: ArrayLike<number>, base: number): number {
  let number = 0;
  for (let gene = 0; gene < tokens.length; gene++) number = number * base + tokens[gene];
  return number;
}

function tokensOf(number: number, genes: number, base: number): number[] {
  return Array.from({ length: genes }, (_, gene) => Math.floor(number / base ** (genes - 1 - gene)) % base);
}

/** How often each of bins^genes cells occurs among [cell][gene] tokens. */
export function countStates(
  tokens: Uint8Array,
  { genes, bins }: Pick<SamplerSettings, 'genes' | 'bins'>,
): Float64Array {
  const counts = new Float64Array(bins ** genes);
  for (let at = 0; at < tokens.length; at += genes) counts[numberOf(tokens.subarray(at, at + genes), bins)]++;
  return counts;
}
