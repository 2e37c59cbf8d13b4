/**
 * Sampling as users of kleonlab/st3 write it: `sample` and `denoise`, with `num_steps`, `temperature`, `use_amp` and `amp_dtype`. A cell hangs
 * on the seed and its place among all cells: neither `batch_size` nor earlier calls change a bit.
 *
 *     const { data, shape } = await sample(gpu, model, { n_cells: 100, num_steps: 64, use_amp: true, amp_dtype: 'bfloat16' });
 */
import { guessMemoryClass } from '../../batch/memory-class.ts';
import { type BatchSizes, sizesFor } from '../../batch/sizes.ts';
import type { GpuContext } from '../../gpu/context.ts';
import { lackingFeature, type Precision } from '../../gpu/precision.ts';
import { ConfigError } from '../workload.ts';
import type { DevicePredictor } from './sampling/device-predictor.ts';
import type { RevealRule } from './sampling/rules.ts';
import type { ScheduleName } from './sampling/schedule.ts';
import { DeviceSampler } from './sampling/session-core.ts';
import type { SamplerSettings } from './sampling/settings.ts';

/** What is sampled from. */
export interface ConsoleModel {
  readonly genes: number;
  readonly bins: number;
  /** The predictor in a precision. Throws `ConfigError` for one that it does not have. */
  onDevice(precision: Precision): DevicePredictor;
}

/** Tokens with their shape, [cells, genes] row-major, and what the predictor computed in. */
export interface TokenArray {
  readonly data: Uint8Array<ArrayBuffer>;
  readonly shape: readonly [cells: number, genes: number];
  readonly precision: Precision;
}

export interface AmpOptions {
  /** 16 bits where they do no harm; f32 unless given. */
  readonly use_amp?: boolean;
  /** Bfloats in memory unless given; halves, also in products where the adapter has them. */
  readonly amp_dtype?: 'bfloat16' | 'float16';
  readonly temperature?: number;
  /** γ between the law under the labels and that without; 1 unless given. */
  readonly guidance?: number;
  /** One a cell; without them cells have none. */
  readonly pert_labels?: ArrayLike<number>;
  readonly cell_type_labels?: ArrayLike<number>;
  /** The first cell's; each further cell has the next. 0 unless given. */
  readonly seed?: number;
  /** Cells at once: memory and speed alone. */
  readonly batch_size?: number;
}

export interface SampleOptions extends AmpOptions {
  /** Cells to draw; those of `x_init` where it is given. */
  readonly n_cells?: number;
  /** Tokens to start from [cells][genes], `bins` where masked. */
  readonly x_init?: ArrayLike<number>;
  /** Positions of `x_init` that are masked and drawn anew, as of st3's `impute_masked`; all others stay. */
  readonly mask_positions?: ArrayLike<boolean | number>;
  /** 64 unless given. */
  readonly num_steps?: number;
  /**
   * `analytic` is Tweedie's. st3's own sampler, which takes the rate of the process that masks, is `origin`; its `euler` and `analytic` are both
   * that, and `euler` here is the right one.
   */
  readonly sampler?: RevealRule | 'analytic';
  readonly noise?: ScheduleName;
}

export interface DenoiseOptions extends AmpOptions {
  /** Takes the most probable token as st3 does, which has no variance; a draw unless given. */
  readonly argmax?: boolean;
}

const DEFAULT_STEPS = 64;
/** Label of a cell that has none: larger than any. */
const NO_LABEL = 0xffffffff;

/**
 * Draws cells, or what is masked of given ones.
 * @throws ConfigError for arrays whose lengths disagree and for settings that no sampler has; the typed errors of `GpuContext`
 */
export function sample(gpu: GpuContext, model: ConsoleModel, options: SampleOptions): Promise<TokenArray> {
  const { sampler = 'tweedie', noise = 'loglinear', num_steps = DEFAULT_STEPS } = options;
  const rule = sampler === 'analytic' ? 'tweedie' : sampler;
  return run(gpu, model, { rule, schedule: noise, steps: num_steps }, startOf(model, options), options);
}

/**
 * Fills in everything that is masked at once: each gene from its law given the visible ones.
 * @param x tokens [cells][genes], `bins` where masked
 * @throws as `sample`
 */
export function denoise(
  gpu: GpuContext,
  model: ConsoleModel,
  x: ArrayLike<number>,
  options: DenoiseOptions = {},
): Promise<TokenArray> {
  const how = {
    rule: 'tweedie',
    schedule: 'loglinear',
    steps: 0,
    denoise: options.argmax ? 'argmax' : 'draw',
  } as const;
  return run(gpu, model, how, startOf(model, { x_init: x }), options);
}

/** Precision of st3's options on this adapter. */
export function ampPrecision(gpu: GpuContext, { use_amp = false, amp_dtype = 'bfloat16' }: AmpOptions): Precision {
  if (!use_amp) return 'f32';
  if (amp_dtype === 'bfloat16') return 'bf16-storage';
  return lackingFeature('f16', gpu.report) ? 'f16-storage' : 'f16';
}

async function run(
  gpu: GpuContext,
  model: ConsoleModel,
  how: Pick<SamplerSettings, 'rule' | 'schedule' | 'steps' | 'denoise'>,
  start: Uint8Array<ArrayBuffer>,
  options: AmpOptions,
): Promise<TokenArray> {
  const { genes, bins } = model;
  const { temperature = 1, guidance = 1, seed = 0 } = options;
  const cells = start.length / genes;
  const labels = labelsOf(options, cells);
  const sizes: BatchSizes = sizesFor(guessMemoryClass(gpu.report));
  const batch = count('batch_size', options.batch_size ?? Math.min(cells, sizes['cells.chunk']));
  const precision = ampPrecision(gpu, options);
  const settings: SamplerSettings = { genes, bins, temperature, guidance, ...how };
  const sampler = await DeviceSampler.open(gpu, settings, model.onDevice(precision), batch, sizes);
  try {
    const data = new Uint8Array(cells * genes);
    for (let first = 0; first < cells; first += batch) {
      const end = Math.min(first + batch, cells);
      sampler.begin({
        // Wraps: a seed is a word of 32 bits.
        seeds: Uint32Array.from({ length: end - first }, (_, i) => seed + first + i),
        start: start.slice(first * genes, end * genes),
        ...(labels && { labels: labels.slice(2 * first, 2 * end) }),
      });
      await sampler.advance(Number.POSITIVE_INFINITY);
      data.set(await sampler.tokens(), first * genes);
    }
    return { data, shape: [cells, genes], precision };
  } finally {
    sampler.close();
  }
}

/** Tokens to start from, with `bins` where something is to be drawn. */
function startOf({ genes, bins }: ConsoleModel, { n_cells, x_init, mask_positions }: SampleOptions) {
  if (!x_init) {
    if (mask_positions)
      throw new ConfigError('mask_positions', 'mask_positions say what of x_init to draw; give x_init too.');
    return new Uint8Array(count('n_cells', n_cells) * genes).fill(bins);
  }
  const cells = x_init.length / genes;
  if (x_init.length === 0 || !Number.isInteger(cells) || (n_cells !== undefined && n_cells !== cells))
    throw new ConfigError(
      'x_init',
      `Expected the ${genes} tokens of each of ${n_cells ?? 'some'} cells, got ${x_init.length} tokens.`,
    );
  if (mask_positions && mask_positions.length !== x_init.length)
    throw new ConfigError(
      'mask_positions',
      `Expected one for each of ${x_init.length} tokens of x_init, got ${mask_positions.length}.`,
    );
  return Uint8Array.from({ length: x_init.length }, (_, at) => (mask_positions?.[at] ? bins : x_init[at]));
}

function labelsOf({ pert_labels, cell_type_labels }: AmpOptions, cells: number): Uint32Array | undefined {
  if (!pert_labels && !cell_type_labels) return undefined;
  const labels = new Uint32Array(2 * cells).fill(NO_LABEL);
  for (const [at, name, given] of [
    [0, 'pert_labels', pert_labels],
    [1, 'cell_type_labels', cell_type_labels],
  ] as const) {
    if (!given) continue;
    if (given.length !== cells)
      throw new ConfigError(name, `Expected a label for each of ${cells} cells, got ${given.length}.`);
    for (let cell = 0; cell < cells; cell++) labels[2 * cell + at] = given[cell];
  }
  return labels;
}

function count(name: string, value: number | undefined): number {
  if (value === undefined || !Number.isInteger(value) || value < 1)
    throw new ConfigError(name, `Expected a whole number from 1 on for ${name}, got ${value}.`);
  return value;
}
