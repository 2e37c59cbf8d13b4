/** Vectors of files, as a run is steered by them. */
import { expect, test } from 'vitest';
import { encodeNpy } from '../../../bundle/npy.ts';
import { encodeSafetensors } from '../../../bundle/safetensors.ts';
import { folderRoleFor, roleFor } from '../../role-for.ts';
import { vectorsOf } from './given.ts';
import { activationsFiles } from './roles.ts';
import { vectorRole } from './vector-role.ts';

const spec = { layers: 3, width: 2 };
const asked = (strength: number, steerLayer = 0) => ({ strength, steerLayer });
const npy = encodeNpy(Float32Array.of(1, 2), [2]);
const layers = encodeSafetensors({
  tensors: new Map(['layer0', 'layer2'].map((name, i) => [name, { shape: [2], data: Float32Array.of(i, 1) }])),
  metadata: { method: 'probe' },
});

async function inputs(name: string, bytes: Uint8Array<ArrayBuffer>) {
  const { input, what } = await vectorRole.read(name, bytes);
  return { files: { vector: input }, what };
}

test('vectors are added behind the blocks that their file names, or behind the one that is asked for', async () => {
  const { files, what } = await inputs('mine.safetensors', layers);
  expect(what).toBe('2 vectors of 2 numbers; behind block 1, 3; probe');
  const blocks = (...args: [number, number?]) => [...vectorsOf({ files }, asked(...args), spec)!.byBlock.keys()];
  expect(blocks(1)).toEqual([1, 3]);
  expect(blocks(1, 3)).toEqual([3]);
  expect(vectorsOf({ files }, asked(0), spec)).toBeUndefined();
  expect(() => blocks(1, 2)).toThrow('mine.safetensors has no vector behind block 2');
  expect(() => blocks(1, 4)).toThrow('the model has 3 blocks, and 4 is asked for');
  expect(() => vectorsOf({ files }, asked(1), { ...spec, layers: 2 })).toThrow('a vector for 3 blocks');
});

test('one that names no block goes where it is asked to go', async () => {
  const { files, what } = await inputs('mine.npy', npy);
  expect(what).toBe('1 vector of 2 numbers; of no layer that it names');
  expect([...vectorsOf({ files }, asked(-1, 2), spec)!.byBlock]).toEqual([[2, Float32Array.of(1, 2)]]);
  expect(() => vectorsOf({ files }, asked(1), spec)).toThrow('does not say behind which block');
  expect(() => vectorsOf({ files }, asked(1, 2), { ...spec, width: 4 })).toThrow('the stream of this model has 4');
  expect(() => vectorsOf({}, asked(1), spec)).toThrow('Give one, or set the strength to 0');
});

test('a file of vectors is no model, and a model no vector', () => {
  expect(folderRoleFor(activationsFiles, ['layer16.safetensors'])).toBeUndefined();
  expect(folderRoleFor(activationsFiles, ['model-00001-of-00002.safetensors'])?.role).toBe('model');
  expect(roleFor(activationsFiles, 'layer16.safetensors', '')?.role).toBe('vector');
  expect(roleFor(activationsFiles, 'v.gguf', '')?.role).toBe('vector');
});
