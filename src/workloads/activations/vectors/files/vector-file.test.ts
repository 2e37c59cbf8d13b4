import { describe, expect, it } from 'vitest';
import { FileError } from '../../../../bundle/file-error.ts';
import { encodeGguf } from '../../../../bundle/gguf.ts';
import { encodeNpy } from '../../../../bundle/npy.ts';
import { encodeSafetensors } from '../../../../bundle/safetensors.ts';
import type { FittedVector } from '../types.ts';
import { layerName, pathPart, positionFolder } from './names.ts';
import { readVectors } from './read-vector.ts';
import { controlVector, vectorNpy, vectorSafetensors } from './vector-file.ts';

const fitted = (layer: number, more: Partial<FittedVector> = {}): FittedVector => ({
  ...{ position: 'response[:5]', component: 'residual', layer, method: 'probe' },
  ...{ vector: Float32Array.of(0.6, -0.8), norm: 5, baseline: 1, activationNorm: 10, trainAccuracy: 1 },
  ...more,
});

describe('names', () => {
  it('are those of the origin', () => {
    expect(
      ['response[:]', 'response[:5]', 'response[-1]', 'response[-5:]', 'prompt[-3:]', 'all[:]', 'response[2:7]'].map(
        positionFolder,
      ),
    ).toEqual(['response_all', 'response__5', 'response_-1', 'response_-5_', 'prompt_-3_', 'all_all', 'response_2_7']);
    expect([layerName('residual', 0), layerName('residual', 17), layerName('mlp_contribution', 16)]).toEqual([
      'embedding',
      'layer16',
      'layer16',
    ]);
    expect([pathPart('a b/c:d', 'x'), pathPart('../..', 'x'), pathPart('größe-1.2', 'x')]).toEqual([
      'a_b_c_d',
      'x',
      'größe-1.2',
    ]);
  });
});

describe('a vector as a file', () => {
  it.each([true, false])('comes back from safetensors with its layer (unit: %s)', (unit) => {
    const { vectors, told } = readVectors('any.safetensors', vectorSafetensors(fitted(3), unit));
    expect(vectors).toEqual([{ layer: 3, values: unit ? Float32Array.of(0.6, -0.8) : Float32Array.of(3, -4) }]);
    expect(told).toBe('probe at response[:5]');
  });

  it('comes back from NumPy; the layer is in its name, counted as the origin does', () => {
    const bytes = vectorNpy(fitted(3), true);
    expect(readVectors('layer2.npy', bytes).vectors).toEqual([{ layer: 3, values: Float32Array.of(0.6, -0.8) }]);
    expect(readVectors('mine.npy', bytes).vectors).toEqual([{ values: Float32Array.of(0.6, -0.8) }]);
    const many = encodeNpy(Float32Array.of(1, 2, 3, 4), [2, 2]);
    expect(readVectors('all.npy', many).vectors.map(({ layer, values }) => [layer, ...values])).toEqual([
      [1, 1, 2],
      [2, 3, 4],
    ]);
  });

  it('comes back from a control vector: direction N is added behind block N, counted from 0', () => {
    const bytes = controlVector([fitted(3), fitted(2), fitted(0), fitted(1)], 'llama', false);
    const { vectors, told, width } = readVectors('x.gguf', bytes);
    expect(vectors).toEqual([2, 3].map((layer) => ({ layer, values: Float32Array.of(3, -4) })));
    expect([told, width]).toEqual(['a control vector for llama', 2]);
    expect(() => controlVector([fitted(1)], 'llama', true)).toThrow('begin behind the second block');
    expect(() => controlVector([fitted(3, { component: 'v_proj' })], 'llama', true)).toThrow('v_proj cannot be one');
  });

  it('of another program has its layers by the names of its tensors', () => {
    const tensors = new Map([
      ['layer_4', { shape: [2], data: Float32Array.of(1, 2) }],
      ['layer1', { shape: [1, 2], data: Float32Array.of(3, 4) }],
    ]);
    expect(readVectors('x', encodeSafetensors({ tensors, metadata: {} })).vectors.map(({ layer }) => layer)).toEqual([
      2, 5,
    ]);
  });

  const tensorsOf = (values: number[], name = 'vector') =>
    encodeSafetensors({
      tensors: new Map([[name, { shape: [values.length], data: Float32Array.from(values) }]]),
      metadata: {},
    });
  it.each([
    ['zeros', tensorsOf([0, 0]), 'is 0'],
    ['values that are no numbers', tensorsOf([1, Number.NaN]), 'no numbers'],
    [
      'a matrix',
      encodeSafetensors({ tensors: new Map([['w', { shape: [2, 2], data: new Float32Array(4) }]]), metadata: {} }),
      'none of which is called vector',
    ],
    ['a model', encodeGguf(new Map([['general.architecture', 'llama']]), new Map()), 'it is a llama'],
    [
      'two widths',
      encodeGguf(
        new Map([['general.architecture', 'controlvector']]),
        new Map([1, 2].map((n) => [`direction.${n}`, { shape: [n], data: new Float32Array(n).fill(1) }])),
      ),
      '1 and 2 numbers',
    ],
    ['a cube', encodeNpy(new Float32Array(8), [2, 2, 2]), 'is no vector'],
  ])('is refused where it holds %s', (_, bytes, words) => {
    expect(() => readVectors('x', bytes)).toThrow(FileError);
    expect(() => readVectors('x', bytes)).toThrow(words);
  });
});
