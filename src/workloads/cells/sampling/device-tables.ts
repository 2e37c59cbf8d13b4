/** Predictors whose laws are tables on the device: exact for small laws (table) and at any number of genes (mixture). */
import type { Allocation } from '../../../gpu/allocation.ts';
import type { BoundKernel, KernelBinding } from '../../../gpu/bound-kernel.ts';
import type { PlannedBuffer } from '../../../gpu/plan.ts';
import type { DevicePredictor, PacedUnit, PredictorPlace } from './device-predictor.ts';
import { bindingIf, logitStride, rowConstants } from './kernels.ts';
import type { MixturePredictor } from './mixture-predictor.ts';
import type { Piece } from './pieces.ts';
import { isGuided } from './settings.ts';
import type { TablePredictor } from './table-predictor.ts';

/** Bytes of an f32. */
const WORD = 4;
type Kernels = Readonly<Record<string, BoundKernel>>;

/** Rows of `bins` numbers as f32 with the stride of logits. */
function padded(rows: ArrayLike<number>, bins: number, of: (value: number) => number): Float32Array<ArrayBuffer> {
  const stride = logitStride(bins);
  const found = new Float32Array((rows.length / bins) * stride);
  for (let at = 0; at < rows.length; at++) found[Math.floor(at / bins) * stride + (at % bins)] = of(rows[at]);
  return found;
}

const tableBuffer = (name: string, numbers: number): PlannedBuffer => ({
  name,
  bytes: numbers * WORD,
  role: 'storage',
  bytesPerItem: 0,
  formula: `${numbers} numbers × 4 B`,
});

/** Every kernel twice where labels are left out in a second pass: once with them, once without. */
function passes(
  { settings }: PredictorPlace,
  kernels: (without: boolean) => Readonly<Record<string, KernelBinding>>,
): Record<string, KernelBinding> {
  const named = (without: boolean) =>
    Object.fromEntries(Object.entries(kernels(without)).map(([name, kernel]) => [kernelName(name, without), kernel]));
  return { ...named(false), ...(isGuided(settings) && named(true)) };
}
const kernelName = (name: string, without: boolean) => (without ? `${name}.without` : name);

/** A small law with all conditionals enumerated. */
export class DeviceTable implements DevicePredictor {
  readonly genes: number;
  readonly bins: number;
  readonly #twin: TablePredictor;

  constructor(twin: TablePredictor) {
    this.#twin = twin;
    this.genes = twin.genes;
    this.bins = twin.bins;
  }

  buffers(): readonly PlannedBuffer[] {
    return [tableBuffer('table', (this.#twin.table.logits.length / this.bins) * logitStride(this.bins))];
  }

  kernels(place: PredictorPlace): Readonly<Record<string, KernelBinding>> {
    const { genes, bins } = this;
    const { laws } = this.#twin.table;
    return passes(place, (without) => ({
      table: {
        shader: {
          module: 'cells/table_logits',
          conditions: { labelled: !without },
          constants: {
            ...rowConstants(genes, bins, place.sizes),
            LAWS: `${laws}u`,
            STATES: `${(bins + 1) ** genes}u`,
          },
        },
        buffers: {
          0: 'piece',
          1: 'rows',
          2: 'tokens',
          3: 'table',
          4: kernelName('logits', without),
          ...bindingIf(!without, 5, 'labels'),
        },
      },
    }));
  }

  upload(device: GPUDevice, allocation: Allocation): void {
    const table = padded(this.#twin.table.logits, this.bins, (logit) => logit);
    device.queue.writeBuffer(allocation.buffer('table'), 0, table);
  }

  units(piece: Piece, without: boolean, kernels: Kernels, { sizes }: PredictorPlace): readonly PacedUnit[] {
    const groups = Math.ceil(piece.rows / sizes['cells.drawThreads']);
    return [(pass) => kernels[kernelName('table', without)].dispatch(pass, groups)];
  }
}

/** A mixture of classes, independent within a class. */
export class DeviceMixture implements DevicePredictor {
  readonly genes: number;
  readonly bins: number;
  readonly #twin: MixturePredictor;

  constructor(twin: MixturePredictor) {
    this.#twin = twin;
    this.genes = twin.genes;
    this.bins = twin.bins;
  }

  buffers({ chunk, rowsAtOnce }: PredictorPlace): readonly PlannedBuffer[] {
    const { classes } = this.#twin.tables;
    const numbers = classes * this.genes * logitStride(this.bins);
    return [
      tableBuffer('mixture.logPrior', classes),
      tableBuffer('mixture.logProb', numbers),
      tableBuffer('mixture.prob', numbers),
      tableBuffer('mixture.logWeights', Math.min(chunk, rowsAtOnce) * classes),
    ];
  }

  kernels(place: PredictorPlace): Readonly<Record<string, KernelBinding>> {
    const constants = {
      ...rowConstants(this.genes, this.bins, place.sizes),
      CLASSES: `${this.#twin.tables.classes}u`,
    };
    return passes(place, (without) => ({
      posterior: {
        shader: { module: 'cells/mixture_posterior', conditions: { labelled: !without }, constants },
        buffers: {
          0: 'piece',
          1: 'active',
          2: 'tokens',
          3: 'mixture.logPrior',
          4: 'mixture.logProb',
          5: 'mixture.logWeights',
          ...bindingIf(!without, 6, 'labels'),
        },
      },
      mixture: {
        shader: { module: 'cells/mixture_logits', constants },
        buffers: {
          0: 'piece',
          1: 'rows',
          2: 'places',
          3: 'mixture.logWeights',
          4: 'mixture.prob',
          5: kernelName('logits', without),
        },
      },
    }));
  }

  upload(device: GPUDevice, allocation: Allocation): void {
    const { logPrior, logProb } = this.#twin.tables;
    const write = (name: string, numbers: Float32Array<ArrayBuffer>) =>
      device.queue.writeBuffer(allocation.buffer(name), 0, numbers);
    write('mixture.logPrior', Float32Array.from(logPrior));
    write(
      'mixture.logProb',
      padded(logProb, this.bins, (log) => log),
    );
    write('mixture.prob', padded(logProb, this.bins, Math.exp));
  }

  units(piece: Piece, without: boolean, kernels: Kernels, { sizes }: PredictorPlace): readonly PacedUnit[] {
    const groups = (count: number) => Math.ceil(count / sizes['cells.drawThreads']);
    return [
      (pass) => {
        kernels[kernelName('posterior', without)].dispatch(pass, groups(piece.cells), this.#twin.tables.classes);
        kernels[kernelName('mixture', without)].dispatch(pass, groups(piece.rows));
      },
    ];
  }
}
