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

/** Where a network comes from, as people read it; what is not known is left out. */
export type Provenance = Readonly<Record<string, string | number>>;

/** A score network with its weights. */
export interface NetworkModel extends ModelSubject {
  readonly kind: 'network';
  readonly spec: ScoreNetworkSpec;
  /** Flat vector of `scoreTensors(spec)`, [in, out] matrices with filled rows. */
  readonly weights: Float32Array<ArrayBuffer>;
  /** Where it comes from, as its file says. */
  readonly provenance: Provenance;
}

/** A mixture of independent genes, whose conditionals are exact. */
export interface MixtureOfGenes extends ModelSubject {
  readonly kind: 'mixture';
  readonly mixture: MixtureModel;
}

export type CellsModel = NetworkModel | MixtureOfGenes;
