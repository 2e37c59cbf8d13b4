/** A residual perceptron as safetensors files hold it: what it is, as JSON in the metadata, and every matrix and bias by name ([in, out]). */
import { FileError } from '../../bundle/file-error.ts';
import type { Tensor, Tensors } from '../../bundle/safetensors.ts';
import { ACTIVATIONS, type MlpSpec } from '../mlp.ts';

const MOST = 1e6;

/**
 * A whole number above 0 of the metadata.
 * @param todo what to give instead
 * @throws FileError
 */
export function storedWhole(file: string, key: string, value: unknown, todo: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value < MOST) return value;
  throw new FileError(file, `its metadata says ${String(value)} for ${key}, where a whole number is expected`, todo);
}

/** What the metadata say of the network. @throws FileError */
export function storedSpec(file: string, value: unknown, todo: string): MlpSpec {
  const given = value as Partial<Record<keyof MlpSpec, unknown>>;
  const activation = ACTIVATIONS.find((known) => known === given.activation);
  if (!activation)
    throw new FileError(
      file,
      `its activation is ${String(given.activation)}, and ${ACTIVATIONS.join(', ')} are known`,
      todo,
    );
  const number = (key: 'inputs' | 'outputs' | 'width' | 'depth') => storedWhole(file, key, given[key], todo);
  return {
    inputs: number('inputs'),
    outputs: number('outputs'),
    width: number('width'),
    depth: number('depth'),
    activation,
  };
}

/**
 * The numbers of these tensors, all of the file's and in their order.
 * @throws FileError that names the tensor that is missing, of another shape, damaged, or none of the network
 */
export function storedTensors(
  file: string,
  { width, depth }: Pick<MlpSpec, 'width' | 'depth'>,
  expected: readonly { readonly name: string; readonly shape: readonly number[] }[],
  { tensors }: Pick<Tensors, 'tensors'>,
  todo: string,
): Tensor['data'][] {
  const data = expected.map(({ name, shape }) => {
    const found = tensors.get(name);
    const wanted = `[${shape.join(', ')}]`;
    if (!found) throw new FileError(file, `the tensor ${name} of shape ${wanted} is missing`, todo);
    if (`[${found.shape.join(', ')}]` !== wanted)
      throw new FileError(
        file,
        `the tensor ${name} has shape [${found.shape.join(', ')}], and ${wanted} is expected`,
        todo,
      );
    const bad = found.data.findIndex((number) => !Number.isFinite(number));
    if (bad >= 0)
      throw new FileError(file, `number ${bad} of the tensor ${name} is ${found.data[bad]}`, 'Train it again.');
    return found.data;
  });
  const unknown = [...tensors.keys()].find((name) => !expected.some((tensor) => tensor.name === name));
  if (unknown !== undefined)
    throw new FileError(file, `the tensor ${unknown} belongs to no network of width ${width} and depth ${depth}`, todo);
  return data;
}
