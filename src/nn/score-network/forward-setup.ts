/** What an evaluation of the score network on a device is planned from, and the names of the buffers that it shares with others. */
import type { Precision } from '../../gpu/precision.ts';
import type { TensorShape } from '../tensor/shape.ts';
import type { WorkShape } from '../tensor/work.ts';
import type { ScoreNetworkSpec } from './spec.ts';

export interface ForwardSetup {
  readonly spec: ScoreNetworkSpec;
  readonly precision: Precision;
  /** Genes a cell, at most those of the network; 2,048 at most. */
  readonly genes: number;
  /** Cells of a chunk. */
  readonly cells: number;
  /** Evaluations of a cell in a step: 2 with guidance. Place p · cells + cell has the tokens of the cell and labels of its own. */
  readonly passes: 1 | 2;
  /** Rows whose logits are asked for in a step at most, over all passes. */
  readonly rowsMost: number;
  readonly shape: TensorShape;
}

/** Names of the buffers that others fill or read: tokens [cells][genes] u32, labels [condition][places] u32, time features [places][f] f32. */
export const FORWARD_BUFFERS = {
  weights: 'network.weights',
  tokens: 'tokens',
  labels: 'network.labels',
  time: 'network.time',
  work: 'network.work',
  turns: 'network.turns',
  logits: 'network.logits',
} as const;

/** Places: cells times passes. */
export const placesOf = ({ cells, passes }: ForwardSetup) => cells * passes;

/** What its lists have room for. */
export const workShape = (setup: ForwardSetup): WorkShape => ({
  cells: setup.cells,
  places: placesOf(setup),
  genes: setup.genes,
  rows: setup.rowsMost,
});

/** WebGPU lets bindings begin at multiples of this. */
const ALIGNMENT = 256;

/** Bytes before the labels of the i-th condition that has them. */
export const labelOffset = (places: number, i: number) => i * ALIGNMENT * Math.ceil((4 * places) / ALIGNMENT);
