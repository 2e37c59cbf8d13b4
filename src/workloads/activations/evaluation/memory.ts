/** What models take on a device, to the byte, from their configurations alone; and what the origin's rule says beside it. */
import type { MemoryClass } from '../../../batch/memory-class.ts';
import { sizesFor } from '../../../batch/sizes.ts';
import { planBytes } from '../../../gpu/plan.ts';
import type { WeightStorage } from '../../../nn/transformer/batch.ts';
import { type Component, capturedParts } from '../../../nn/transformer/capture.ts';
import { decoderShape, planDecoder } from '../../../nn/transformer/decoder.ts';
import type { DecoderSpec } from '../../../nn/transformer/spec.ts';
import { parameterCount } from '../../../nn/transformer/weights.ts';

const GB = 1e9;
const GIB = 2 ** 30;

/** 4 GB and 1 GB a text, whatever the model and the texts. */
export const originBytes = (batch: number) => (4 + batch) * GB;

/** Devices by what they have, GiB. */
const DEVICES = [
  ['8GB', 8],
  ['16GB', 16],
  ['24GB', 24],
  ['40GB', 40],
  ['80GB', 80],
] as const satisfies readonly (readonly [MemoryClass, number])[];
/** Share of a device that its driver and a screen take. */
const TAKEN = 0.1;

/** The smallest class whose devices hold so much; undefined where none does. */
export const classFor = (bytes: number): MemoryClass | undefined =>
  DEVICES.find(([, gib]) => bytes <= (1 - TAKEN) * gib * GIB)?.[0];

/** A device of the limits that WebGPU promises everywhere. */
const PLAIN = {
  vendor: '',
  architecture: '',
  device: '',
  description: '',
  software: false,
  runtime: 'browser',
  features: [],
  limits: {
    maxBufferSize: 256 * 2 ** 20,
    maxStorageBufferBindingSize: 128 * 2 ** 20,
    maxComputeWorkgroupStorageSize: 16_384,
    maxComputeInvocationsPerWorkgroup: 256,
    maxComputeWorkgroupSizeX: 256,
    maxComputeWorkgroupsPerDimension: 65_535,
    maxStorageBuffersPerShaderStage: 8,
  },
  loopIterationLimit: null,
  name: 'any adapter',
} as const;

export interface MemoryQuestion {
  /** Positions of a text, its new tokens included. */
  readonly context: number;
  /** Positions over which activations are averaged. */
  readonly windows: number;
  readonly components: readonly Component[];
  /** Texts side by side. */
  readonly batches: readonly number[];
}

export interface MemoryRow {
  readonly model: string;
  readonly storage: WeightStorage;
  readonly parameters: number;
  /** As the file of the same storage has them. */
  readonly weightBytes: number;
  /** Keys and values, and what is captured, of one token. */
  readonly cacheBytes: number;
  readonly capturedBytes: number;
  /** What one text more takes beside many. */
  readonly textBytes: number;
  /** Of every number of texts: all buffers, exact, and the smallest class of devices that holds them. */
  readonly totals: readonly {
    readonly batch: number;
    readonly bytes: number;
    readonly fits: MemoryClass | undefined;
  }[];
}

/** Of so many the rows of a step are as many as they may be. */
const MANY = 64;

const STORED_BYTES: Readonly<Record<WeightStorage, number>> = { f32: 4, f16: 2, bf16: 2, int8: 1 };

/** Sizes are those of the class of 8 GB. */
export function memoryRow(
  model: string,
  spec: DecoderSpec,
  storage: WeightStorage,
  { context, windows, components, batches }: MemoryQuestion,
): MemoryRow {
  const sizes = sizesFor('8GB');
  const { layers, kvHeads, head } = spec;
  const options = (slots: number) => ({
    spec,
    storage,
    slots,
    context,
    capture: { components, windows, kept: false },
    sampling: { temperature: 1, topK: 0, topP: 1 },
    ends: [0],
    scored: true,
  });
  const shape = decoderShape(PLAIN, options(1), sizes);
  const bytesOf = (slots: number) => planBytes(planDecoder(options(slots), shape, sizes));
  const parameters = parameterCount(spec);
  return {
    model,
    storage,
    parameters,
    weightBytes: parameters * STORED_BYTES[storage],
    cacheBytes: 4 * 2 * layers * kvHeads * head,
    capturedBytes: 4 * capturedParts(spec, components).size,
    textBytes: bytesOf(MANY) - bytesOf(MANY - 1),
    totals: batches.map((batch) => {
      const bytes = bytesOf(batch);
      return { batch, bytes, fits: classFor(bytes) };
    }),
  };
}
