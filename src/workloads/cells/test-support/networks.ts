/** Small score networks for tests. */
import { initialScoreNetwork } from '../../../nn/score-network/init.ts';
import type { ScoreNetworkSpec, ScoreVariant } from '../../../nn/score-network/spec.ts';

/** With labels and, as the origin's always are, told the time. */
export function smallNetwork(variant: ScoreVariant, changes: Partial<ScoreNetworkSpec> = {}): ScoreNetworkSpec {
  return {
    variant,
    layers: 2,
    width: 16,
    heads: 2,
    genes: 12,
    bins: 5,
    perturbations: 4,
    cellTypes: 3,
    timeFeatures: variant === 'origin' ? 8 : 0,
    ...changes,
  };
}

/** Weights of natural size everywhere: a network that starts to learn predicts the same whatever it sees. */
export function smallWeights(spec: ScoreNetworkSpec): Float32Array<ArrayBuffer> {
  return initialScoreNetwork(spec, 5).map((value, i) => value + 0.2 * Math.sin(1.7 * i));
}
