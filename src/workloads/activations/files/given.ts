/** Vectors of the user's to steer by, as a run adds them. */
import type { DecoderSpec } from '../../../nn/transformer/spec.ts';
import { fileOf } from '../../file-role.ts';
import { ConfigError, type RunInputs } from '../../workload.ts';
import type { ActivationsParams } from '../params.ts';
import { vectorRole } from './vector-role.ts';

/** What is added behind blocks. Rows by the number of the block, counted from 1. */
export interface SteeringVectors {
  readonly name: string;
  readonly sha256: string;
  readonly byBlock: ReadonlyMap<number, Float32Array<ArrayBuffer>>;
}

/** Those that the parameters ask for; undefined where nothing is steered. @throws ConfigError where there are none, or none for this model */
export function vectorsOf(
  inputs: RunInputs,
  { strength, steerLayer }: Pick<ActivationsParams, 'strength' | 'steerLayer'>,
  { layers, width }: Pick<DecoderSpec, 'layers' | 'width'>,
): SteeringVectors | undefined {
  if (strength === 0) return undefined;
  const input = fileOf(inputs, vectorRole);
  if (!input)
    throw new ConfigError(
      vectorRole.role,
      'a run is steered by a vector, and there is none. Give one, or set the strength to 0.',
    );
  const { name, sha256, vectors } = input;
  const fail = (what: string): never => {
    throw new ConfigError(vectorRole.role, `${name} ${what}`);
  };
  if (input.width !== width)
    fail(`has vectors of ${input.width} numbers, and the stream of this model has ${width}. Give one of this model.`);
  if (steerLayer > layers)
    throw new ConfigError(
      'params.steerLayer',
      `Behind block (steerLayer): the model has ${layers} blocks, and ${steerLayer} is asked for.`,
    );
  const byBlock = new Map<number, Float32Array<ArrayBuffer>>();
  for (const { layer, values } of vectors) {
    // One alone, wherever it comes from, goes where it is asked to go.
    const block = vectors.length === 1 && steerLayer > 0 ? steerLayer : layer;
    if (block === undefined) fail('does not say behind which block it belongs. Say so (steerLayer).');
    else if (block < 1 || block > layers) fail(`has a vector for ${block} blocks, and this model has 1 to ${layers}.`);
    else if (steerLayer === 0 || steerLayer === block) byBlock.set(block, values);
  }
  if (byBlock.size === 0)
    fail(`has no vector behind block ${steerLayer}. Choose one that it has, or 0 for all of them.`);
  return { name, sha256, byBlock };
}
