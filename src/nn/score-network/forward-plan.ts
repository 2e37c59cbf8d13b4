/**
 * One evaluation of the score network for the active cells of a chunk as a list of kernels, in units that a session submits one by one or
 * together, and every buffer that they need. Logits come out for the listed rows only: the last block asks, and the projection runs, for these.
 */
import type { KernelBinding } from '../../gpu/bound-kernel.ts';
import type { PlannedBuffer } from '../../gpu/plan.ts';
import { filled, storedBytes } from '../optimiser/tensor-table.ts';
import { workSize } from '../tensor/work.ts';
import { FORWARD_BUFFERS, type ForwardSetup, labelOffset, placesOf, workShape } from './forward-setup.ts';
import { conditionSteps, type ForwardStep, networkSteps } from './forward-steps.ts';
import { EXPANSION } from './spec.ts';
import { type ScoreTensors, scoreStorage, scoreTensors } from './tensors.ts';
import { type NetworkWalk, networkWalk } from './walk.ts';

/** The buffers by role; names in the plan. */
export interface ForwardBuffers {
  readonly planned: readonly PlannedBuffer[];
  /** Of these, what the network's weights and its activations take. */
  readonly weightBytes: number;
  readonly activationBytes: number;
}

export interface ForwardPlan {
  readonly setup: ForwardSetup;
  readonly tensors: ScoreTensors;
  readonly buffers: ForwardBuffers;
  /** Once for a chunk and whenever labels or times change: c and all modulations of every place. */
  readonly conditions: readonly ForwardStep[];
  /** Once a step of sampling, in this order; steps of one `unit` belong together. */
  readonly network: readonly ForwardStep[];
  /** Kernels by the names of the steps that use them: steps of equal text and equal buffers share one. */
  readonly kernels: Readonly<Record<string, KernelBinding>>;
  /** Numbers from one row of the logits to the next. */
  readonly logitStride: number;
  /** Threads that share so many listed rows of a cell and head, for `workWords`. */
  listedShares(rows: number): number;
}

/** @throws RangeError for sizes that no kernel has */
export function forwardPlan(setup: ForwardSetup): ForwardPlan {
  const { spec, precision, genes } = setup;
  if (genes > spec.genes) throw new RangeError(`${genes} genes a cell, and the network has ${spec.genes}`);
  const tensors = scoreTensors(spec, precision);
  const walk = networkWalk(spec);
  const buffers = forwardBuffers(setup, walk, tensors);
  const { steps, kernels, listedShares } = networkSteps(setup, walk, tensors);
  const conditions = conditionSteps(setup, walk, tensors);
  return {
    setup,
    tensors,
    buffers,
    conditions: conditions.steps,
    network: steps,
    kernels: { ...conditions.kernels, ...kernels },
    logitStride: filled(walk.outputs),
    listedShares,
  };
}

function forwardBuffers(setup: ForwardSetup, walk: NetworkWalk, tensors: ScoreTensors): ForwardBuffers {
  const { spec, precision, genes, cells, passes, rowsMost } = setup;
  const { width } = spec;
  const places = placesOf(setup);
  const half = storedBytes(scoreStorage(precision));
  const buffer = (name: string, numbers: number, bytes: number, perItem: number, formula: string): PlannedBuffer => ({
    name,
    bytes: Math.max(16, numbers * bytes),
    role: 'storage',
    bytesPerItem: perItem * bytes,
    formula,
  });
  const each = `${cells} cells${passes > 1 ? ` × ${passes} passes` : ''}`;
  const activation = (name: string, numbers: number, bytes: number) =>
    buffer(
      name,
      places * genes * numbers,
      bytes,
      passes * genes * numbers,
      `${each} × ${genes} genes × ${numbers} × ${bytes} B`,
    );
  const perPlace = (name: string, numbers: number) =>
    buffer(name, places * numbers, 4, passes * numbers, `${each} × ${numbers} × 4 B`);
  const perRow = (name: string, numbers: number) =>
    buffer(name, rowsMost * numbers, 4, 0, `${rowsMost} rows × ${numbers} × 4 B`);
  const weights: PlannedBuffer[] = [
    {
      name: FORWARD_BUFFERS.weights,
      bytes: tensors.table.workingBytes,
      role: 'storage',
      bytesPerItem: 0,
      formula: tensors.table.workingFormula,
    },
  ];
  const labelled = walk.conditions.filter(({ embedding }) => embedding).length;
  const activations = [
    activation('network.stream', width, 4),
    activation('network.normed', width, half),
    activation('network.wide', EXPANSION * width, half),
    perPlace('network.conditioning', width),
    ...(walk.conditions.length > 0 ? [perPlace('network.conditionHidden', EXPANSION * width)] : []),
    ...walk.modulations.map(({ outputs }, i) => perPlace(`network.modulations.${i}`, outputs)),
    perRow('network.out', width),
    perRow(FORWARD_BUFFERS.logits, filled(walk.outputs)),
  ];
  const lists = [
    ...(labelled > 0
      ? [
          buffer(
            FORWARD_BUFFERS.labels,
            labelOffset(places, labelled - 1) / 4 + places,
            4,
            passes * labelled,
            `${labelled} conditions × ${each} × 4 B, each from a multiple of 256 B`,
          ),
        ]
      : []),
    ...(spec.timeFeatures > 0 ? [perPlace(FORWARD_BUFFERS.time, spec.timeFeatures)] : []),
    buffer(
      FORWARD_BUFFERS.work,
      workSize(workShape(setup)),
      4,
      2 * passes,
      `(9 + 2 × ${each} + ${rowsMost} rows) × 4 B`,
    ),
    ...(walk.rotary
      ? [
          buffer(
            FORWARD_BUFFERS.turns,
            (genes * width) / spec.heads,
            4,
            0,
            `${genes} genes × ${width / spec.heads} × 4 B`,
          ),
        ]
      : []),
  ];
  const sum = (list: readonly PlannedBuffer[]) => list.reduce((total, { bytes }) => total + bytes, 0);
  return {
    planned: [...weights, ...activations, ...lists],
    weightBytes: sum(weights),
    activationBytes: sum(activations),
  };
}
