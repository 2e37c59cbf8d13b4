/** The score network as what predicts on a device: its list of work, labels and times are made there, from the sampler's lists. */
import type { Allocation } from '../../../gpu/allocation.ts';
import type { BoundKernel, KernelBinding } from '../../../gpu/bound-kernel.ts';
import type { PlannedBuffer } from '../../../gpu/plan.ts';
import type { Precision } from '../../../gpu/precision.ts';
import { forwardUnits, uploadForward } from '../../../nn/score-network/forward.ts';
import { type ForwardPlan, forwardPlan } from '../../../nn/score-network/forward-plan.ts';
import { FORWARD_BUFFERS, placesOf } from '../../../nn/score-network/forward-setup.ts';
import type { ForwardStep } from '../../../nn/score-network/forward-steps.ts';
import { type ScoreNetworkSpec, timeFeatures } from '../../../nn/score-network/spec.ts';
import type { TensorShape } from '../../../nn/tensor/shape.ts';
import type { WorkCounts } from '../../../nn/tensor/work.ts';
import type { DevicePredictor, PacedUnit, PredictorPlace } from '../sampling/device-predictor.ts';
import { rowConstants } from '../sampling/kernels.ts';
import { sigmaOfSteps } from '../sampling/network-time.ts';
import type { Piece } from '../sampling/pieces.ts';
import { isGuided } from '../sampling/settings.ts';

type Kernels = Readonly<Record<string, BoundKernel>>;

const WORD = 4;
/** How many threads share the rows of a cell, by how many it has. */
const SHARES = 'network.shares';
/** Time features of every step. */
const TIMES = 'network.times';
/** Cells and places that there is room for. */
const CHUNK = 'network.chunk';
const HOW_MANY_WORDS = 4;

export class DeviceNetwork implements DevicePredictor {
  readonly genes: number;
  readonly bins: number;
  readonly #spec: ScoreNetworkSpec;
  readonly #weights: Float32Array;
  readonly #precision: Precision;
  readonly #shape: TensorShape;
  /** Of the place that was asked about last: planning is pure, and asked for several times. */
  #planned: { readonly key: string; readonly plan: ForwardPlan } | undefined;

  /** @param weights the flat vector of `scoreTensors` */
  constructor(spec: ScoreNetworkSpec, weights: Float32Array, precision: Precision, shape: TensorShape) {
    this.genes = spec.genes;
    this.bins = spec.bins;
    this.#spec = spec;
    this.#weights = weights;
    this.#precision = precision;
    this.#shape = shape;
  }

  /** Bytes of weights and of activations, of those that `buffers` lists. */
  memory(place: PredictorPlace) {
    const { weightBytes, activationBytes } = this.#plan(place).buffers;
    return { weightBytes, activationBytes };
  }

  buffers(place: PredictorPlace): readonly PlannedBuffer[] {
    const { planned } = this.#plan(place).buffers;
    const fixed = (name: string, words: number, formula: string): PlannedBuffer => ({
      name,
      bytes: words * WORD,
      role: 'storage',
      bytesPerItem: 0,
      formula,
    });
    const { timeFeatures: features } = this.#spec;
    const steps = sigmaOfSteps(place.settings).length;
    return [
      ...planned,
      { ...fixed(CHUNK, HOW_MANY_WORDS, `${HOW_MANY_WORDS} × 4 B`), role: 'uniform' },
      fixed(SHARES, this.genes + 1, `${this.genes + 1} numbers × 4 B`),
      ...(features > 0 ? [fixed(TIMES, steps * features, `${steps} steps × ${features} features × 4 B`)] : []),
    ];
  }

  kernels(place: PredictorPlace): Readonly<Record<string, KernelBinding>> {
    const plan = this.#plan(place);
    const own = rowConstants(this.genes, this.bins, place.sizes);
    const { THREADS } = own;
    const { perturbations, cellTypes, timeFeatures: features } = this.#spec;
    const pass = (without: boolean): Record<string, KernelBinding> => ({
      [named('work', without)]: {
        shader: {
          module: 'cells/network_work',
          conditions: { without },
          constants: { GENES: own.GENES, THREADS },
        },
        buffers: { 0: 'piece', 1: 'rows', 2: 'places', 3: 'active', 4: SHARES, 5: FORWARD_BUFFERS.work, 9: CHUNK },
      },
      [named('logits', without)]: {
        shader: {
          module: 'cells/network_logits',
          constants: { BINS: own.BINS, STRIDE: own.STRIDE, THREADS, OUTPUT_STRIDE: `${plan.logitStride}u` },
        },
        buffers: { 0: 'piece', 1: FORWARD_BUFFERS.logits, 2: named('logits', without) },
      },
    });
    return {
      ...plan.kernels,
      ...pass(false),
      ...(isGuided(place.settings) && pass(true)),
      ...(perturbations + cellTypes > 0 && {
        labels: {
          shader: {
            module: 'cells/network_labels',
            conditions: { perturbation: perturbations > 0, cell_type: cellTypes > 0 },
            constants: { NONE_0: `${perturbations}u`, NONE_1: `${cellTypes}u`, THREADS },
          },
          buffers: { 0: 'labels', 1: FORWARD_BUFFERS.labels, 9: CHUNK },
        },
      }),
      ...(features > 0 && {
        time: {
          shader: {
            module: 'cells/network_time',
            constants: { THREADS, FEATURES: `${features}u` },
          },
          buffers: { 0: 'piece', 1: TIMES, 2: FORWARD_BUFFERS.time, 9: CHUNK },
        },
      }),
    };
  }

  upload(device: GPUDevice, allocation: Allocation, place: PredictorPlace): void {
    const plan = this.#plan(place);
    const write = (name: string, data: GPUAllowSharedBufferSource) =>
      device.queue.writeBuffer(allocation.buffer(name), 0, data);
    uploadForward(device, allocation, plan, this.#weights);
    write(CHUNK, Uint32Array.of(place.chunk, placesOf(plan.setup), 0, 0));
    write(
      SHARES,
      Uint32Array.from({ length: this.genes + 1 }, (_, rows) => plan.listedShares(rows)),
    );
    const { timeFeatures: features } = this.#spec;
    if (features > 0)
      write(
        TIMES,
        Float32Array.from(
          Array.from(sigmaOfSteps(place.settings), (sigma) => [...timeFeatures(this.#spec, sigma)]).flat(),
        ),
      );
  }

  units(
    piece: Piece,
    without: boolean,
    kernels: Kernels,
    place: PredictorPlace,
    device: GPUDevice,
  ): readonly PacedUnit[] {
    const plan = this.#plan(place);
    const groups = (count: number) => Math.ceil(count / place.sizes['cells.drawThreads']);
    const places = placesOf(plan.setup);
    const counts: WorkCounts = { active: piece.cells, rows: piece.rows, shares: plan.listedShares(piece.most), places };
    const walk = (steps: readonly ForwardStep[]) =>
      forwardUnits(steps, counts, kernels, device).map(({ encode }): PacedUnit => encode);
    const { timeFeatures: features } = this.#spec;
    // Labels stay for a chunk, times for a step. Both passes are told together.
    const first = piece.firstRow === 0;
    const told = !without && (first || features > 0) ? walk(plan.conditions) : [];
    const begin: PacedUnit = (pass) => {
      if (!without && first) kernels.labels?.dispatch(pass, groups(places));
      if (!without) kernels.time?.dispatch(pass, groups(places * features));
      kernels[named('work', without)].dispatch(pass, groups(piece.rows));
    };
    const end: PacedUnit = (pass) => kernels[named('logits', without)].dispatch(pass, groups(piece.rows));
    const all = [...told, ...walk(plan.network)];
    // What is small goes with what is not: a submit holds so many units, and they should be alike.
    return all.map((unit, i) => (pass) => {
      if (i === 0) begin(pass);
      unit(pass);
      if (i === all.length - 1) end(pass);
    });
  }

  #plan({ settings, chunk, rowsAtOnce }: PredictorPlace): ForwardPlan {
    const passes = isGuided(settings) ? 2 : 1;
    const key = [chunk, rowsAtOnce, passes].join();
    if (this.#planned?.key !== key)
      this.#planned = {
        key,
        plan: forwardPlan({
          spec: this.#spec,
          precision: this.#precision,
          genes: this.genes,
          cells: chunk,
          passes,
          rowsMost: rowsAtOnce,
          shape: this.#shape,
        }),
      };
    return this.#planned.plan;
  }
}

const named = (name: string, without: boolean) => (without ? `${name}.without` : name);
