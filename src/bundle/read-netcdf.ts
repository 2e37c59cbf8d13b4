/** Posteriors back from netCDF-4 files: this project's own, and those that ArviZ writes. */
import { FileError } from './file-error.ts';
import { type Dataset, type File, type Group, readHdf5 } from './hdf5.ts';
import { decodedNumbers, ValueBudget } from './netcdf-values.ts';

/** A column of per-draw values, [chain][draw] flattened; whatever the file's number type, here f64. */
export interface ReadColumn {
  readonly name: string;
  readonly values: Float64Array<ArrayBuffer>;
}

export interface ReadPosterior {
  readonly chains: number;
  readonly draws: number;
  /** Variables of the group `posterior`, in the file's order. */
  readonly parameters: readonly ReadColumn[];
  /** Variables of `sample_stats`; empty where the file has no such group. */
  readonly stats: readonly ReadColumn[];
  /** Text and number attributes of the file's root and, laid over them, of `posterior` (where ArviZ puts them). */
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** Longer attributes than this are left out. */
const MAX_ATTRIBUTE_BYTES = 65_536;
const DIMENSIONS = ['chain', 'draw'] as const;

/**
 * Reads a posterior.nc. Takes f32, f64 and any integers, compressed or not, packed by `scale_factor`
 * and `add_offset` or not, and either order of the dimensions chain and draw; missing values are NaN.
 * Variables with further dimensions are left out; so are sampler statistics of another shape than the draws.
 * @param name of the file, for messages.
 * @throws FileError for bytes that are no HDF5 file, no group `posterior`, or no parameter with dimensions (chain, draw).
 */
export async function readPosteriorNetcdf(bytes: Uint8Array, name = 'posterior.nc'): Promise<ReadPosterior> {
  return readHdf5(name, bytes, (file) => {
    const budget = new ValueBudget(name, bytes.length);
    const posterior = groupOf(file, 'posterior');
    if (!posterior) {
      throw new FileError(name, 'it has no group "posterior"', 'Give a file that ArviZ or Lockstep wrote.');
    }
    const parameters = columnsOf(budget, posterior);
    if (parameters.length === 0) {
      throw new FileError(
        name,
        'its group "posterior" has no variable with dimensions (chain, draw)',
        'Give a file whose parameters are scalars, one value a draw.',
      );
    }
    const { chains, draws } = parameters[0];
    const odd = parameters.find((column) => column.chains !== chains || column.draws !== draws);
    if (odd) {
      throw new FileError(
        name,
        `${odd.name} is ${odd.chains} × ${odd.draws}, ${parameters[0].name} is ${chains} × ${draws}`,
        'Write the file again.',
      );
    }
    const sampleStats = groupOf(file, 'sample_stats');
    const stats = sampleStats ? columnsOf(budget, sampleStats) : [];
    return {
      chains,
      draws,
      parameters: parameters.map(plain),
      stats: stats.filter((column) => column.chains === chains && column.draws === draws).map(plain),
      attributes: { ...attributesOf(file), ...attributesOf(posterior) },
    };
  });
}

interface ShapedColumn extends ReadColumn {
  readonly chains: number;
  readonly draws: number;
}

function plain({ name, values }: ShapedColumn): ReadColumn {
  return { name, values };
}

function groupOf(file: File, path: string): Group | undefined {
  const entity = file.keys().includes(path) ? file.get(path) : null;
  return entity && 'keys' in entity ? entity : undefined;
}

/** Every numeric variable of a group over exactly chain and draw. */
function columnsOf(budget: ValueBudget, group: Group): ShapedColumn[] {
  return group.keys().flatMap((name) => {
    const entity = group.get(name);
    if (!entity || !('get_attached_scales' in entity)) return [];
    const variable: Dataset = entity;
    const { shape } = variable;
    if (shape?.length !== 2) return [];
    const count = budget.take(name, variable);
    const order = dimensionsOf(variable);
    if (order === undefined) return [];
    const values = decodedNumbers(variable, count);
    if (!values) return [];
    return order === 'chain-first'
      ? [{ name, chains: shape[0], draws: shape[1], values }]
      : [{ name, chains: shape[1], draws: shape[0], values: transpose(values, shape[0], shape[1]) }];
  });
}

/** How a variable's two axes lie, by the dimension scales attached to them; files without scales count as (chain, draw). */
function dimensionsOf(variable: Dataset): 'chain-first' | 'draw-first' | undefined {
  const names = [0, 1].map((axis) => variable.get_attached_scales(axis)[0]?.split('/').at(-1));
  if (names.every((name) => name === undefined)) return 'chain-first';
  if (DIMENSIONS.every((dimension, axis) => names[axis] === dimension)) return 'chain-first';
  return DIMENSIONS.every((dimension, axis) => names[1 - axis] === dimension) ? 'draw-first' : undefined;
}

function transpose(values: Float64Array, rows: number, columns: number): Float64Array<ArrayBuffer> {
  return Float64Array.from(values, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]);
}

function attributesOf(target: Group): Record<string, string | number> {
  const known: Record<string, string | number> = {};
  for (const [name, attribute] of Object.entries(target.attrs)) {
    const { total_size: count, size } = attribute.metadata;
    if (count * size > MAX_ATTRIBUTE_BYTES) continue;
    const { value } = attribute;
    const single = ArrayBuffer.isView(value) ? (value as unknown as ArrayLike<number | bigint>)[0] : value;
    if (typeof single === 'string' || typeof single === 'number') known[name] = single;
    else if (typeof single === 'bigint') known[name] = Number(single);
  }
  return known;
}
