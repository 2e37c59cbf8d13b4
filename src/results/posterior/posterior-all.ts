/** posterior_all.nc: the draws of all items in one netCDF-4 file, one row a draw, written without holding them. */
import { defaultSizes } from '../../batch/sizes.ts';
import type { File, Group } from '../../bundle/hdf5.ts';
import { type CreatePacked, packedHdf5 } from '../../bundle/hdf5-packed.ts';
import {
  type convert,
  type NetcdfAttributes,
  type StoredType,
  setAttributes,
  storedType,
} from '../../bundle/netcdf.ts';
import { BundleError, type PosteriorColumn, type PosteriorData, type StreamedFile } from '../../bundle/types.ts';
import { Rows } from './rows.ts';

/** One item: who it is, and its draws when they are asked for. */
export interface RealizationData extends PosteriorData {
  readonly runId: string;
  readonly seed: number;
  /** True values by name; unknown ones are left out. */
  readonly truth: Readonly<Record<string, number>>;
}

export interface PosteriorAllInput {
  /** Any number; read over twice for each variable, so entries should give what is in memory already. */
  readonly items: readonly RealizationData[];
  /** Attributes of the root, as in `posterior.nc`. */
  readonly attributes: NetcdfAttributes;
  /** Attribute `inference_method` of both groups, e.g. "hmc". */
  readonly inferenceMethod: string;
  /** What is not packed is handed on in pieces of this size; the batch table's default unless given. */
  readonly pieceBytes?: number;
}

export const POSTERIOR_ALL_PATH = 'posterior_all.nc';

/** Rows that are packed together. It decides the bytes of the file, and so the result id: it is no size of the batch table. */
const ROWS_TOGETHER = 32_768;
/** How netCDF marks a dimension that has no coordinates; the length follows in ten places. */
const NO_COORDINATE = 'This is a netCDF dimension but not a netCDF variable.';
/** Names that the layout takes. */
const TAKEN = ['realization', 'sample', 'row_size', 'realization_index', 'chain', 'draw'];

interface Variable {
  readonly group: 'posterior' | 'sample_stats';
  readonly name: string;
  readonly type: StoredType;
}

/**
 * The file in pieces: groups `posterior` and `sample_stats` in the contiguous ragged layout of the CF conventions
 * (https://cfconventions.org/cf-conventions/cf-conventions.html#_contiguous_ragged_array_representation), one row (dimension `sample`) a draw, the
 * rows of a realization one after the other, chain by chain; `row_size` says how many each has. Packed (deflate), so that a few long items cost
 * the others nothing. `constant_data`: run_id, seed, numbers of chains and draws and the truth of each realization. Equal input gives equal bytes.
 * @throws BundleError without items, or when they differ in their columns.
 */
export function posteriorAllFile(input: PosteriorAllInput): StreamedFile {
  return { path: POSTERIOR_ALL_PATH, pieces: pieces(input) };
}

async function* pieces(input: PosteriorAllInput): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { items, attributes, inferenceMethod, pieceBytes = defaultSizes['bundle.drawsBytes'] } = input;
  if (items.length === 0) throw new BundleError(`${POSTERIOR_ALL_PATH}: there is no finished item to write.`);
  const rows = new Rows<RealizationData>(items);
  const variables = variablesOf(items[0]);
  for (const { name } of variables)
    if (TAKEN.includes(name))
      throw new BundleError(`${POSTERIOR_ALL_PATH}: the name "${name}" is taken; call it otherwise.`);
  const write = (file: File, packed: CreatePacked) => {
    setAttributes(file, { ...attributes, Conventions: 'CF-1.8' });
    for (const name of ['posterior', 'sample_stats'] as const) {
      const mine = variables.filter(({ group }) => group === name);
      if (mine.length > 0) layOut(file.create_group(name, true), mine, items, rows, inferenceMethod, packed);
    }
    writeConstants(file.create_group('constant_data', true), items);
  };
  yield* packedHdf5({ timeMs: 0, write, pieceBytes });
}

function variablesOf(item: PosteriorData): Variable[] {
  return [
    ...item.parameters.map(({ name }) => ({ group: 'posterior' as const, name, type: '<d' as const })),
    ...item.stats.map((column) => ({ group: 'sample_stats' as const, name: column.name, type: storedType(column) })),
  ];
}

function layOut(
  group: Group,
  variables: readonly Variable[],
  items: readonly RealizationData[],
  rows: Rows<RealizationData>,
  method: string,
  packed: CreatePacked,
): void {
  setAttributes(group, { inference_method: method });
  const long = { length: rows.count, together: ROWS_TOGETHER };
  writeScale(group, 'realization', items.length);
  packed(group, { ...long, name: 'sample', dtype: '<b' }).make_scale(
    `${NO_COORDINATE}${String(rows.count).padStart(10)}`,
  );
  const sizes = group.create_dataset({
    name: 'row_size',
    data: Int32Array.from(items, ({ chains, draws }) => chains * draws),
    shape: [items.length],
    dtype: '<i',
    track_order: true,
  });
  sizes.attach_scale(0, `${group.path}/realization`);
  setAttributes(sizes, { sample_dimension: 'sample', long_name: 'number of draws of each realization' });
  const put = (name: string, dtype: string, values: (first: number, count: number) => ReturnType<typeof convert>) => {
    const variable = packed(group, { ...long, name, dtype, values });
    variable.attach_scale(0, `${group.path}/sample`);
    return variable;
  };
  put('realization_index', '<i', rows.realizations);
  put('chain', '<i', rows.chains);
  put('draw', '<i', rows.draws);
  for (const variable of variables) {
    const { name, type } = variable;
    const values = (first: number, count: number) =>
      rows.values(first, count, type, (item) => columnOf(item, variable));
    const written = put(name, type === 'bool' ? '<b' : type, values);
    setAttributes(written, { coordinates: 'realization_index chain draw', ...(type === 'bool' && { dtype: 'bool' }) });
  }
}

function writeScale(group: Group, name: string, length: number): void {
  const data = Int32Array.from({ length }, (_, i) => i);
  group.create_dataset({ name, data, shape: [length], dtype: '<i', track_order: true }).make_scale(name);
}

/** Per realization: its folder, seed, numbers of chains and draws, and true values (NaN where unknown). */
function writeConstants(group: Group, items: readonly RealizationData[]): void {
  const length = items.length;
  writeScale(group, 'realization', length);
  const put = (name: string, data: string[] | Float64Array | Int32Array, dtype: string) =>
    group
      .create_dataset({ name, data, shape: [length], dtype, track_order: true })
      .attach_scale(0, `${group.path}/realization`);
  put(
    'run_id',
    items.map(({ runId }) => runId),
    'S',
  );
  // Seeds go up to 2³² − 1, which f64 holds and a 32-bit integer does not.
  put(
    'seed',
    Float64Array.from(items, ({ seed }) => seed),
    '<d',
  );
  put(
    'n_chains',
    Int32Array.from(items, ({ chains }) => chains),
    '<i',
  );
  put(
    'n_draws',
    Int32Array.from(items, ({ draws }) => draws),
    '<i',
  );
  const names = [...new Set(items.flatMap(({ truth }) => Object.keys(truth)))].sort();
  for (const name of names) {
    put(
      `${name}_true`,
      Float64Array.from(items, ({ truth }) => truth[name] ?? Number.NaN),
      '<d',
    );
  }
}

function columnOf(item: RealizationData, { group, name }: Variable): PosteriorColumn {
  const column = (group === 'posterior' ? item.parameters : item.stats).find((candidate) => candidate.name === name);
  if (column?.values.length === item.chains * item.draws) return column;
  throw new BundleError(
    `${POSTERIOR_ALL_PATH}: ${item.runId} has no ${name} of chains × draws values, as the others have.`,
  );
}
