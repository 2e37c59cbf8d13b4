/** netCDF-4 files for ArviZ and xarray, written with h5wasm. */
import { type Group, writeHdf5 } from './hdf5.ts';
import { BundleError, type PosteriorColumn, type PosteriorData } from './types.ts';

/** Attribute values; no value may be an empty string, which netCDF-4 readers disagree on. */
export type NetcdfAttributes = Readonly<Record<string, string | number>>;

export interface PosteriorNetcdf extends PosteriorData {
  /** Attributes of the root: where the file comes from (`created_at`, `inference_library`, `name`, …). At most 8 stay small. */
  readonly attributes: NetcdfAttributes;
  /** Attribute `inference_method` of both groups, e.g. "hmc". */
  readonly inferenceMethod: string;
}

export type StoredType = '<d' | '<f' | '<i' | 'bool';

/**
 * Writes one posterior as a netCDF-4 file: group `posterior` (parameters, f64: a position near 24 px known to 1e-5 needs
 * more digits than f32 has) and group `sample_stats`, every variable with dimensions (chain, draw).
 * Opens with xarray (netcdf4 and h5netcdf engines) and ArviZ. Equal input gives equal bytes: the only times in the file
 * are those of the attributes.
 * @throws BundleError when a column's length is not chains × draws, or a name is used twice or not allowed.
 */
export async function writePosteriorNetcdf(input: PosteriorNetcdf): Promise<Uint8Array<ArrayBuffer>> {
  const { chains, draws } = input;
  for (const [group, columns] of [
    ['posterior', input.parameters],
    ['sample_stats', input.stats],
  ] as const) {
    checkColumns(group, columns, chains * draws);
  }
  const method = input.inferenceMethod;
  return writeHdf5(createdAtMs(input.attributes), (file) => {
    setAttributes(file, input.attributes);
    const posterior = createChainGroup(file, 'posterior', chains, draws, method);
    for (const column of input.parameters) writeColumn(posterior, column, '<d', chains, draws);
    if (input.stats.length === 0) return;
    const stats = createChainGroup(file, 'sample_stats', chains, draws, method);
    for (const column of input.stats) {
      writeColumn(stats, column, storedType(column), chains, draws);
    }
  });
}

/** Time for HDF5's own object headers: that of `created_at`, else 1970. */
function createdAtMs(attributes: NetcdfAttributes): number {
  const { created_at: createdAt } = attributes;
  if (createdAt === undefined) return 0;
  const time = typeof createdAt === 'number' ? createdAt : Date.parse(createdAt);
  if (!Number.isFinite(time)) {
    throw new BundleError(`Attribute created_at is "${createdAt}", which is no date; pass an ISO 8601 time.`);
  }
  return time;
}

function checkColumns(group: string, columns: readonly PosteriorColumn[], size: number): void {
  const seen = new Set(['chain', 'draw']);
  for (const { name, values } of columns) {
    if (seen.has(name)) throw new BundleError(`${group}: the name "${name}" is taken; give each column its own.`);
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      throw new BundleError(`${group}: "${name}" is no netCDF name; use letters, digits and underscores.`);
    }
    seen.add(name);
    if (values.length !== size) {
      throw new BundleError(`${group}/${name} has ${values.length} values; chains × draws is ${size}.`);
    }
  }
}

/** A group with its two dimension scales, the coordinates chain = 0, 1, … and draw = 0, 1, …. */
function createChainGroup(file: Group, name: string, chains: number, draws: number, method: string): Group {
  // Creation order is not inherited, and netCDF-4 refuses files without it: ask for it on every object.
  const group = file.create_group(name, true);
  setAttributes(group, { inference_method: method });
  for (const [dimension, length] of [
    ['chain', chains],
    ['draw', draws],
  ] as const) {
    const data = Int32Array.from({ length }, (_, i) => i);
    group
      .create_dataset({ name: dimension, data, shape: [length], dtype: '<i', track_order: true })
      .make_scale(dimension);
  }
  return group;
}

function writeColumn(group: Group, column: PosteriorColumn, type: StoredType, chains: number, draws: number): void {
  const variable = group.create_dataset({
    name: column.name,
    data: convert(column.values, type),
    shape: [chains, draws],
    dtype: type === 'bool' ? '<b' : type,
    track_order: true,
  });
  // A scale on every axis: with none, readers guess dimensions by their length and mistake chains for draws.
  variable.attach_scale(0, `${group.path}/chain`);
  variable.attach_scale(1, `${group.path}/draw`);
  if (type === 'bool') setAttributes(variable, { dtype: 'bool' });
}

/** Values as they are stored. */
export function convert(
  values: PosteriorColumn['values'],
  type: StoredType,
): Float64Array | Float32Array | Int32Array | Int8Array {
  switch (type) {
    case '<d':
      return Float64Array.from(values);
    case '<f':
      return Float32Array.from(values);
    case '<i':
      return Int32Array.from(values);
    case 'bool':
      return Int8Array.from(values, (v) => (v ? 1 : 0));
  }
}

/** How a column of sample_stats is stored: as it comes, so that diagnostics can be recomputed to the last digit. */
export function storedType({ name, values }: PosteriorColumn): StoredType {
  if (name === 'diverging') return 'bool';
  if (values instanceof Float64Array) return '<d';
  return values instanceof Float32Array ? '<f' : '<i';
}

export function setAttributes(target: Pick<Group, 'create_attribute'>, attributes: NetcdfAttributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === '') throw new BundleError(`Attribute ${name} is empty; leave it out.`);
    if (typeof value === 'string') target.create_attribute(name, value);
    else target.create_attribute(name, Float64Array.of(value), [1], '<d');
  }
}
