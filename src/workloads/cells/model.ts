/** What predicts the count of a masked gene from those that are visible. */
import type { ScoreNetworkSpec } from '../../nn/score-network/spec.ts';
import type { MixtureModel } from './baselines/model.ts';
import type { Bins } from './data/types.ts';

/** What a predictor is about: it says nothing of other genes, bins or labels. */
export interface ModelSubject {
  readonly genes: readonly string[];
  readonly bins: Bins;
  /** Labels that it knows, in the order of its codes; empty where it takes none. */
  readonly perturbations: readonly string[];
  readonly cellTypes: readonly string[];
}

/** A score network with its weights. */
export interface NetworkModel extends ModelSubject {
  readonly kind: 'network';
  readonly spec: ScoreNetworkSpec;
  /** Flat vector of `scoreTensors(spec)`, [in, out] matrices with filled rows. */
  readonly weights: Float32Array<ArrayBuffer>;
}

/** A mixture of independent genes, whose conditionals are exact. */
export interface MixtureOfGenes extends ModelSubject {
  readonly kind: 'mixture';
  readonly mixture: MixtureModel;
}

export type CellsModel = NetworkModel | MixtureOfGenes;
