/** Named arrays with dimensions as a netCDF-4 file, as xarray has them: written with h5wasm, read back by their layout. */
import { FileError } from './file-error.ts';
import { type Group, readHdf5, writeHdf5 } from './hdf5.ts';
import { type NetcdfAttributes, setAttributes } from './netcdf.ts';
import { ValueBudget } from './netcdf-values.ts';
import { BundleError } from './types.ts';

export type DatasetValues = Float64Array | Float32Array | Int32Array | Uint8Array;

/** Where an array of a file lies, and what it is; row-major, the last dimension fastest. */
export interface DatasetLayout {
  /** The table that it belongs to, e.g. `posterior`. */
  readonly group: string;
  readonly name: string;
  /** Names of the dimensions, and how long each is. */
  readonly dims: readonly string[];
  readonly shape: readonly number[];
  readonly unit?: string;
}

export interface DatasetArray extends DatasetLayout {
  readonly values: DatasetValues;
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * One group for each `group` of the arrays, with a dimension scale for each of its dimensions. Equal input gives equal bytes.
 * @throws BundleError for names that netCDF does not take, a name used twice, a dimension of two lengths, or a wrong number of values.
 */
export async function writeDatasetNetcdf(
  arrays: readonly DatasetArray[],
  attributes: NetcdfAttributes,
): Promise<Uint8Array<ArrayBuffer>> {
  const groups = new Map<string, DatasetArray[]>();
  for (const array of arrays) groups.set(array.group, [...(groups.get(array.group) ?? []), array]);
  for (const [group, members] of groups) check(group, members);
  return writeHdf5(0, (file) => {
    setAttributes(file, attributes);
    for (const [name, members] of groups) {
      const group = file.create_group(name, true);
      for (const [dimension, length] of dimensionsOf(members)) {
        const data = Int32Array.from({ length }, (_, i) => i);
        group
          .create_dataset({ name: dimension, data, shape: [length], dtype: '<i', track_order: true })
          .make_scale(dimension);
      }
      for (const array of members) writeArray(group, array);
    }
  });
}

function writeArray(group: Group, { name, dims, shape, unit, values }: DatasetArray): void {
  const variable = group.create_dataset({
    name,
    data: values,
    shape: [...shape],
    dtype: typeOf(values),
    track_order: true,
  });
  for (const [axis, dimension] of dims.entries()) variable.attach_scale(axis, `${group.path}/${dimension}`);
  if (unit) setAttributes(variable, { units: unit });
}

function typeOf(values: DatasetValues): '<d' | '<f' | '<i' | '<B' {
  if (values instanceof Float64Array) return '<d';
  if (values instanceof Float32Array) return '<f';
  return values instanceof Int32Array ? '<i' : '<B';
}

function dimensionsOf(arrays: readonly DatasetArray[]): Map<string, number> {
  return new Map(arrays.flatMap(({ dims, shape }) => dims.map((name, axis) => [name, shape[axis]] as const)));
}

function check(group: string, arrays: readonly DatasetArray[]): void {
  const lengths = dimensionsOf(arrays);
  const names = new Set(lengths.keys());
  for (const { name, dims, shape, values } of arrays) {
    for (const word of [group, name, ...dims])
      if (!NAME.test(word)) throw new BundleError(`"${word}" is no netCDF name; use letters, digits and underscores.`);
    if (names.has(name)) throw new BundleError(`${group}: the name "${name}" is taken; give each array its own.`);
    names.add(name);
    const odd = dims.find((dimension, axis) => lengths.get(dimension) !== shape[axis]);
    if (odd !== undefined || dims.length !== shape.length)
      throw new BundleError(
        `${group}/${name}: its shape ${shape.join(' × ')} does not fit its dimensions ${dims.join(', ')}.`,
      );
    const count = shape.reduce((product, length) => product * length, 1);
    if (values.length !== count)
      throw new BundleError(`${group}/${name} has ${values.length} values; its shape asks for ${count}.`);
  }
}

/**
 * The arrays of these layouts, each in the type that it was written in.
 * @param name of the file, for messages
 * @throws FileError where one is missing or of another size
 */
export async function readDatasetNetcdf(
  name: string,
  bytes: Uint8Array,
  layouts: readonly DatasetLayout[],
): Promise<DatasetArray[]> {
  return readHdf5(name, bytes, (file) => {
    const budget = new ValueBudget(name, bytes.length);
    return layouts.map((layout) => {
      const path = `${layout.group}/${layout.name}`;
      const entity = file.get(`/${path}`);
      const count = layout.shape.reduce((product, length) => product * length, 1);
      const variable = entity && 'get_attached_scales' in entity ? entity : undefined;
      const value = variable && budget.take(path, variable, 0) === count ? variable.value : undefined;
      if (!isValues(value) || value.length !== count)
        throw new FileError(
          name,
          `it has no ${path} of ${layout.shape.join(' × ')} values`,
          'Get the bundle again from where it was made.',
        );
      return { ...layout, values: value };
    });
  });
}

function isValues(value: unknown): value is DatasetValues {
  return (
    value instanceof Float64Array ||
    value instanceof Float32Array ||
    value instanceof Int32Array ||
    value instanceof Uint8Array
  );
}
