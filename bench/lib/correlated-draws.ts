/** Posteriors of the size of level0's: AR(1) chains, in the single precision in which kernels return draws. */
import type { DrawColumn, PosteriorItem } from '../../src/results/posterior/item.ts';

export interface DrawsShape {
  readonly chains: number;
  readonly draws: number;
}

const PARAMETERS = ['g1', 'g2', 'x', 'y'] as const;
/** Correlation of neighbouring draws by parameter: from what the sampler reaches to what it reaches on its worst items. */
const CORRELATIONS = [0, 0.05, 0.2, 0.5] as const;

/** One item; every index has draws of its own. */
export function correlatedItem(index: number, { chains, draws }: DrawsShape): PosteriorItem {
  const next = uniforms(index + 1);
  const column = (name: string, phi: number): DrawColumn => {
    const values = new Float32Array(chains * draws);
    const scale = Math.sqrt(1 - phi * phi);
    for (let i = 0; i < values.length; i++) {
      const normal = Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());
      values[i] = i % draws === 0 ? normal : phi * values[i - 1] + scale * normal;
    }
    return { name, values };
  };
  return {
    info: { index, runId: `r${index}`, seed: index, truth: { g1: index % 2 === 0 ? -0.02 : 0.02, g2: 0 } },
    chains,
    draws,
    parameters: PARAMETERS.map((name, at) => column(name, CORRELATIONS[at])),
    stats: [column('energy', 0.1), { name: 'diverging', values: new Uint8Array(chains * draws) }],
    fit: { mean: [0, 0, 0, 0], sd: [1, 1, 1, 1], chi2: 0 },
    gradients: 0,
  };
}

/** Marsaglia's xorshift, 32 bits, in (0, 1). */
function uniforms(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b9) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 8) + 0.5) * 2 ** -24;
  };
}
