/** What a configuration comes to: options of the decoder, buffers, work. */

import type { BatchSizes } from '../../batch/sizes.ts';
import { defaultSizes } from '../../batch/sizes.ts';
import type { Precision } from '../../gpu/precision.ts';
import type { DecoderOptions, WeightStorage } from '../../nn/transformer/batch.ts';
import type { ModelTexts } from '../language-models/encode.ts';
import type { ParamValues } from '../params.ts';
import type { Configured, ConfigureOptions, RunInputs } from '../workload.ts';
import { concerns } from './concerns.ts';
import { planTexts, shapeOfTexts } from './device.ts';
import { vectorsOf } from './files/given.ts';
import { readActivationsParams } from './params.ts';
import { type ActivationsProblem, activationsProblem, resultBytes, settingsOf, type TextSettings } from './problem.ts';
import { textsWork } from './work.ts';

/** How weights lie on a device in each precision; arithmetic is f32 in all of them. */
export const STORAGES: Readonly<Partial<Record<Precision, WeightStorage>>> = {
  f32: 'f32',
  'f16-storage': 'f16',
  'bf16-storage': 'bf16',
  'int8-storage': 'int8',
};

/** @throws ConfigError */
export function configured(
  values: ParamValues,
  inputs: RunInputs,
  { model, texts, from }: ModelTexts,
  { sizes = defaultSizes, precision = 'f32' }: ConfigureOptions = {},
): Configured<ActivationsProblem> {
  const settings = settingsOf(readActivationsParams(values), model, texts);
  const storage = STORAGES[precision] ?? 'f32';
  const vectors = vectorsOf(inputs, settings.params, model.source.spec);
  const options = (chunk: number) => decoderOptions(settings, storage, chunk, sizes);
  const warnings = () => concerns(settings, texts, storage);
  return {
    count: texts.length,
    work: textsWork(settings, texts),
    shape: (report) => shapeOfTexts(report, options(1), sizes),
    plan: (chunk, shape) => planTexts(options(chunk), chunk, shape, sizes),
    resultBytes: resultBytes(settings),
    concerns: warnings,
    prepare: (seed) => activationsProblem(settings, texts, from, warnings(), seed, vectors),
  };
}

export function decoderOptions(
  { model, context, components, positions, sampling, params }: TextSettings,
  storage: WeightStorage,
  chunk: number,
  sizes: BatchSizes,
): DecoderOptions {
  return {
    spec: model.source.spec,
    storage,
    slots: Math.min(chunk, sizes['activations.slots']),
    context,
    capture: { components, windows: positions.length, kept: false },
    sampling,
    ends: model.ends,
    ...(params.strength !== 0 && { steering: params.steerWhere }),
    scored: params.score,
  };
}
