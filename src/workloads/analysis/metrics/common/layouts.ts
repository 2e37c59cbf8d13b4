/** Arrays of an outcome, declared before anything runs. */
import type { Graph } from '../../../../nn/graph/graph.ts';
import type { ArrayLayout, ItemArray } from '../../../../results/arrays.ts';
import type { Attributes } from '../../../../results/attributed.ts';

type Dimension = readonly [name: string, length: number];

/** @param group of the file: the metric's id @param dimensions of one name have one length within a metric */
export function layout(group: string, name: string, dimensions: readonly Dimension[], unit?: string): ArrayLayout {
  const of = { group: nameOf(group), name, dims: dimensions.map(([dim]) => dim), shape: dimensions.map(([, n]) => n) };
  return { ...of, ...(unit === undefined ? {} : { unit }), kind: 'f64' };
}

export const nameOf = (id: string) => id.replaceAll(/[^A-Za-z0-9_]/g, '_');

/** The arrays that were declared, in their order. @throws RangeError where one is missing or of another size */
export function arraysOf(
  layouts: readonly ArrayLayout[],
  values: Readonly<Record<string, ArrayLike<number>>>,
): ItemArray[] {
  return layouts.map(({ kind, ...rest }) => {
    const own = values[rest.name];
    const count = rest.shape.reduce((product, n) => product * n, 1);
    if (own?.length !== count)
      throw new RangeError(`${rest.name} has ${own?.length} numbers where ${count} were declared (${kind})`);
    return { ...rest, values: Float64Array.from(own) };
  });
}

/** Names behind the dimensions `tensor` and `layer`. */
export function tensorNames({ parameters }: Graph): Attributes {
  return { tensors: parameters.map(({ name }) => name).join('\n') };
}

export const sumOf = (values: ArrayLike<number>) => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum;
};

/** `count` numbers, NaN behind those there are. */
export const padded = (values: ArrayLike<number>, count: number) =>
  Float64Array.from({ length: count }, (_, i) => (i < values.length ? values[i] : Number.NaN));
