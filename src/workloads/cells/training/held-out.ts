/** How well a network knows cells that it has not seen: a bound on their likelihood, and hidden genes guessed. */
import type { ScoreNetworkSpec } from '../../../nn/score-network/spec.ts';
import type { ScoreEvaluator } from '../../../nn/score-network/training/evaluator.ts';
import { type RandomKey, threefry2x32, uniform01 } from '../../../stats/threefry.ts';
import { hiddenGenes } from '../baselines/impute.ts';
import type { TokenData } from '../data/types.ts';

/** Second word of the key of the masks. */
const MASK_KEY = 0x6e6c6c; // "nll"
const EPSILON = 1e-3;

/** The NELBO of cells, nats a gene: an upper bound of their mean −log p(x). */
export interface HeldOutNll {
  readonly nats: number;
  /** Standard error over cells, and of that what more draws of masks would take away. */
  readonly error: number;
  readonly drawError: number;
  readonly cells: number;
  /** Masks a cell. */
  readonly draws: number;
}

export interface Imputation {
  /** Share of hidden genes whose likeliest bin is the true one. */
  readonly exact: number;
  /** Mean −log p of the true bin, nats. */
  readonly crossEntropy: number;
  readonly hidden: number;
}

/** Cells, and what of them is asked. */
interface Asked {
  readonly cell: number;
  /** [genes]. */
  readonly masked: readonly boolean[];
  readonly weight: number;
  /** Share that is masked, for networks with time. */
  readonly t: number;
}

type Cells = Pick<TokenData, 'tokens' | 'perturbation' | 'cellType'>;

/**
 * NELBO a gene, (1/n) ∫ Σ_masked CE dt/t, by `draws` masks a cell: t stratified within a cell, and 1/t integrated out by the number k of masked
 * genes, (n + 1)/(n k) (weigh.wgsl). Masks hang on (seed, cell, draw) alone: every network is asked the same. Labels are given as they are.
 */
export async function heldOutNll(
  evaluator: ScoreEvaluator,
  spec: ScoreNetworkSpec,
  data: Cells,
  cells: ArrayLike<number>,
  { seed, draws }: { readonly seed: number; readonly draws: number },
): Promise<HeldOutNll> {
  const { genes } = spec;
  const asked: Asked[] = [];
  for (let i = 0; i < cells.length; i++)
    for (let draw = 0; draw < draws; draw++) {
      const { masked, t } = maskOf(genes, cells[i], draw, draws, seed);
      const count = masked.filter(Boolean).length;
      asked.push({ cell: cells[i], masked, t, weight: (genes + 1) / (genes * Math.max(count, 1)) });
    }
  const { losses } = await evaluated(evaluator, spec, data, asked);
  let [sum, squares, within] = [0, 0, 0];
  for (let i = 0; i < cells.length; i++) {
    const own = losses.subarray(i * draws, (i + 1) * draws);
    const mean = own.reduce((total, loss) => total + loss / draws, 0);
    sum += mean;
    squares += mean ** 2;
    within += own.reduce((total, loss) => total + (loss - mean) ** 2, 0) / Math.max(draws - 1, 1) / draws;
  }
  const count = cells.length;
  const nats = sum / count;
  const variance = Math.max(0, squares / count - nats ** 2) / Math.max(count - 1, 1);
  return { nats, error: Math.sqrt(variance), drawError: Math.sqrt(within) / count, cells: count, draws };
}

/** Hidden genes guessed from the others, the same ones that the baselines are asked (`baselines/impute.ts`). */
export async function heldOutImputation(
  evaluator: ScoreEvaluator,
  spec: ScoreNetworkSpec,
  data: Cells,
  cells: ArrayLike<number>,
  { seed, share }: { readonly seed: number; readonly share: number },
): Promise<Imputation> {
  const { genes } = spec;
  const asked = Array.from(cells, (cell): Asked => {
    const hidden = new Set(hiddenGenes(genes, cell, seed, share));
    return { cell, masked: Array.from({ length: genes }, (_, gene) => hidden.has(gene)), weight: 1, t: share };
  });
  const { losses, best } = await evaluated(evaluator, spec, data, asked);
  let [exact, hidden] = [0, 0];
  asked.forEach(({ cell, masked }, i) => {
    masked.forEach((is, gene) => {
      if (!is) return;
      hidden++;
      if (best[i * genes + gene] === data.tokens[cell * genes + gene]) exact++;
    });
  });
  return { exact: exact / hidden, crossEntropy: losses.reduce((sum, loss) => sum + loss, 0) / hidden, hidden };
}

/** A cell's mask in a draw: t = (draw + u)/draws, each gene with probability t. */
function maskOf(genes: number, cell: number, draw: number, draws: number, seed: number) {
  const key: RandomKey = [seed >>> 0, MASK_KEY];
  const number = cell * draws + draw;
  const [u] = threefry2x32(key, [number, 0]);
  const t = (draw + uniform01(u)) / draws;
  const masked = Array.from(
    { length: genes },
    (_, gene) => uniform01(threefry2x32(key, [number, 1 + (gene >> 1)])[gene & 1]) < t,
  );
  return { masked, t };
}

async function evaluated(
  evaluator: ScoreEvaluator,
  { genes, bins }: ScoreNetworkSpec,
  { tokens, perturbation, cellType }: Cells,
  asked: readonly Asked[],
): Promise<{ losses: Float32Array; best: Uint32Array }> {
  const losses = new Float32Array(asked.length);
  const best = new Uint32Array(asked.length * genes);
  for (let from = 0; from < asked.length; from += evaluator.cells) {
    const some = asked.slice(from, from + evaluator.cells);
    const targets = some.flatMap(({ cell }) => [...tokens.subarray(cell * genes, (cell + 1) * genes)]);
    const masked = some.flatMap((each) => each.masked);
    const found = await evaluator.evaluate({
      cells: some.length,
      targets,
      tokens: targets.map((token, row) => (masked[row] ? bins : token)),
      weights: masked.map((is, row) => (is ? some[Math.floor(row / genes)].weight : 0)),
      sigma: some.map(({ t }) => -Math.log1p(-(1 - EPSILON) * t)),
      perturbation: perturbation && some.map(({ cell }) => perturbation.codes[cell]),
      cellType: cellType && some.map(({ cell }) => cellType.codes[cell]),
    });
    losses.set(found.losses, from);
    best.set(found.best, from * genes);
  }
  return { losses, best };
}
