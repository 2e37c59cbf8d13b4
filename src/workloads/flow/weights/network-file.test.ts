import { describe, expect, it } from 'vitest';
import { FileError } from '../../../bundle/file-error.ts';
import { decodeSafetensors, encodeSafetensors, type Tensors } from '../../../bundle/safetensors.ts';
import { mlpLayout } from '../../../nn/mlp.ts';
import { mlpForward } from '../../../nn/mlp-twin.ts';
import { slcp } from '../tasks/slcp.ts';
import { gaussianNetwork } from '../test-support/network.ts';
import { taskShape } from '../training/setup.ts';
import { decodeNetwork, encodeNetwork } from './network-file.ts';

const { name, bytes } = gaussianNetwork;

/** The file with some of its contents changed. */
function changed(
  change: (content: {
    tensors: Map<string, Tensors['tensors'] extends ReadonlyMap<string, infer T> ? T : never>;
    metadata: Record<string, string>;
  }) => void,
) {
  const { tensors, metadata } = decodeSafetensors(name, bytes);
  const content = { tensors: new Map(tensors), metadata: { ...metadata } };
  change(content);
  return () => decodeNetwork(name, encodeSafetensors(content));
}

describe('a network file', () => {
  it('says which summary of an observation the network sees', () => {
    const file = decodeNetwork(name, bytes);
    const model = { ...file.model, task: taskShape(slcp), net: { ...file.model.net, inputs: 21, outputs: 5 } };
    const weights = new Float32Array(mlpLayout(model.net).size);
    const ten = Array(10).fill(1);
    const again = encodeNetwork({ ...file, model: { ...model, weights, scaling: { mean: ten, sd: ten } } });
    expect(decodeNetwork(name, again).model.task).toEqual(taskShape(slcp));
    const { tensors, metadata } = decodeSafetensors(name, again);
    const other = (changes: Record<string, string>) => () =>
      decodeNetwork(name, encodeSafetensors({ tensors, metadata: { ...metadata, ...changes } }));
    expect(other({ summary: 'toString' })).toThrow('sees the summary "toString" of an observation');
    expect(other({ x_dimension: '8' })).toThrow('x_dimension is 8, and point-statistics has 5 numbers');
  });

  it('comes back byte for byte, with task, scaling and provenance', () => {
    const file = decodeNetwork(name, bytes);
    expect(Buffer.from(encodeNetwork(file)).equals(bytes)).toBe(true);
    expect(file.model.task).toEqual({ id: 'gaussian', thetaDimension: 3, xDimension: 3 });
    expect(file.provenance).toMatchObject({ simulations: 20_000, steps: 4000 });
    expect(file.model.scaling.sd[0]).toBeCloseTo(4 / Math.sqrt(12), 1);
  });

  it('holds matrices as [in, out] without the padding of the rows', () => {
    const { model } = decodeNetwork(name, bytes);
    const weight = decodeSafetensors(name, bytes).tensors.get('output.weight')!;
    const bias = decodeSafetensors(name, bytes).tensors.get('output.bias')!;
    expect(weight.shape).toEqual([32, 3]);
    const { h, output } = mlpForward(model.net, model.weights, new Float64Array(17).fill(0.3));
    const last = h[h.length - 1];
    const by = (n: number) => last.reduce((sum, value, k) => sum + value * weight.data[3 * k + n], bias.data[n]);
    output.forEach((value, n) => {
      expect(by(n)).toBeCloseTo(value, 12);
    });
  });

  it.each([
    [
      'a missing tensor',
      changed(({ tensors }) => tensors.delete('layers.1.bias')),
      'the tensor layers.1.bias of shape [32] is missing',
    ],
    [
      'a tensor of another shape',
      changed(({ tensors }) => tensors.set('layers.1.weight', { shape: [16, 32], data: new Float32Array(512) })),
      'the tensor layers.1.weight has shape [16, 32], and [32, 32] is expected',
    ],
    [
      'a number that is none',
      changed(({ tensors }) => tensors.set('output.bias', { shape: [3], data: Float32Array.of(0, Number.NaN, 0) })),
      'number 1 of the tensor output.bias is NaN',
    ],
    [
      'a tensor too many',
      changed(({ tensors }) => tensors.set('layers.2.bias', { shape: [32], data: new Float32Array(32) })),
      'the tensor layers.2.bias belongs to no network of width 32 and depth 2',
    ],
    ['another format', changed(({ metadata }) => delete metadata.format), 'its format is not given'],
    [
      'damaged metadata',
      changed(({ metadata }) => {
        metadata.scaling = '{';
      }),
      'its metadata entry "scaling"',
    ],
    [
      'dimensions that do not fit',
      changed(({ metadata }) => {
        metadata.x_dimension = '5';
      }),
      'a network of 17 inputs and 3 outputs is none for 3 parameters and 5 data, which take 19 and 3',
    ],
  ])('is refused with %s', (_, decode, message) => {
    expect(decode).toThrow(FileError);
    expect(decode).toThrow(message);
  });
});
