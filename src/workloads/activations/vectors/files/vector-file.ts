/** A vector as a file: safetensors, NumPy, or with those of other layers as a control vector of llama.cpp and repeng. */
import { encodeGguf } from '../../../../bundle/gguf.ts';
import { encodeNpy } from '../../../../bundle/npy.ts';
import { encodeSafetensors } from '../../../../bundle/safetensors.ts';
import type { FittedVector } from '../types.ts';
import { layerName } from './names.ts';

/** Of length 1, or as it was fitted. */
export function vectorValues({ vector, norm }: FittedVector, unit: boolean): Float32Array<ArrayBuffer> {
  return unit ? vector : vector.map((value) => value * norm);
}

/** One tensor `vector`; what it is stands in the header. */
export function vectorSafetensors(fitted: FittedVector, unit: boolean): Uint8Array<ArrayBuffer> {
  const { position, component, layer, method, norm, baseline, activationNorm, vector } = fitted;
  const tensors = new Map([['vector', { shape: [vector.length], data: vectorValues(fitted, unit) }]]);
  const metadata = {
    ...{ position, component, method },
    layer: layerName(component, layer),
    residual: component === 'residual' ? String(layer) : '',
    norm: String(norm),
    unit: String(unit),
    baseline: String(baseline),
    activation_norm: String(activationNorm),
  };
  return encodeSafetensors({ tensors, metadata });
}

export function vectorNpy(fitted: FittedVector, unit: boolean): Uint8Array<ArrayBuffer> {
  return encodeNpy(vectorValues(fitted, unit), [fitted.vector.length]);
}

/**
 * `direction.N` is added behind block N, counted from 0: that is `residual` N + 1. Neither `residual` 0 nor 1 can be there: nothing comes
 * before the first block, and llama.cpp has no direction 0.
 * @param modelHint the model's family, e.g. "gemma2" @throws RangeError for other components or where nothing is left
 */
export function controlVector(
  vectors: readonly FittedVector[],
  modelHint: string,
  unit: boolean,
): Uint8Array<ArrayBuffer> {
  const other = vectors.find(({ component }) => component !== 'residual');
  if (other)
    throw new RangeError(`a control vector is added to the residual stream; ${other.component} cannot be one.`);
  const kept = vectors.filter(({ layer }) => layer >= 2).sort((a, b) => a.layer - b.layer);
  if (kept.length === 0) throw new RangeError('control vectors begin behind the second block: there is none.');
  const values = new Map<string, string | number>([
    ['general.architecture', 'controlvector'],
    ['controlvector.model_hint', modelHint],
    ['controlvector.layer_count', kept.length],
  ]);
  const tensors = new Map(
    kept.map((fitted) => [
      `direction.${fitted.layer - 1}`,
      { shape: [fitted.vector.length], data: vectorValues(fitted, unit) },
    ]),
  );
  return encodeGguf(values, tensors);
}
