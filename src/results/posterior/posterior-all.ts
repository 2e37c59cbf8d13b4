/** posterior_all.nc: the draws of all items in one netCDF-4 file with a `realization` dimension, written without holding them. */
import { defaultSizes } from '../../batch/sizes.ts';
import type { Group } from '../../bundle/hdf5.ts';
import { type CreateLarge, outlineHdf5, type Region } from '../../bundle/hdf5-outline.ts';
import { convert, type NetcdfAttributes, type StoredType, setAttributes, storedType } from '../../bundle/netcdf.ts';
import { BundleError, type PosteriorColumn, type PosteriorData, type StreamedFile } from '../../bundle/types.ts';

/** One item: who it is, and its draws when they are asked for. */
export interface RealizationData extends PosteriorData {
  readonly runId: string;
  readonly seed: number;
  /** True values by name; unknown ones are left out. */
  readonly truth: Readonly<Record<string, number>>;
}

export interface PosteriorAllInput {
  /** Any number; read over once for each variable, so entries should give what is in memory already. */
  readonly items: readonly RealizationData[];
  /** Attributes of the root, as in `posterior.nc`. */
  readonly attributes: NetcdfAttributes;
  /** Attribute `inference_method` of both groups, e.g. "hmc". */
  readonly inferenceMethod: string;
  /** Draws are handed on in pieces of about this size; the batch table's default unless given. */
  readonly pieceBytes?: number;
}

export const POSTERIOR_ALL_PATH = 'posterior_all.nc';

const DIMENSIONS = ['realization', 'chain', 'draw'] as const;

interface Variable {
  readonly group: 'posterior' | 'sample_stats';
  readonly name: string;
  readonly type: StoredType;
}

/**
 * The file in pieces: groups `posterior` and `sample_stats` with (realization, chain, draw), and `constant_data` with run_id,
 * seed and the truth of each realization. Items with fewer draws than the longest end in NaN (whole numbers in 0);
 * `constant_data` says how many each has. Equal input gives equal bytes.
 * @throws BundleError without items, or when they differ in their columns.
 */
export function posteriorAllFile(input: PosteriorAllInput): StreamedFile {
  return { path: POSTERIOR_ALL_PATH, pieces: pieces(input) };
}

async function* pieces(input: PosteriorAllInput): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { items, attributes, inferenceMethod, pieceBytes = defaultSizes['bundle.drawsBytes'] } = input;
  if (items.length === 0) throw new BundleError('posterior_all.nc: there is no finished item to write.');
  const variables = variablesOf(items[0]);
  const shape = [
    items.length,
    Math.max(...items.map((i) => i.chains)),
    Math.max(...items.map((i) => i.draws)),
  ] as const;
  const outline = await outlineHdf5(0, (file, large) => {
    setAttributes(file, attributes);
    for (const name of ['posterior', 'sample_stats'] as const) {
      const mine = variables.filter(({ group }) => group === name);
      if (mine.length > 0) layOut(file.create_group(name, true), mine, shape, inferenceMethod, large);
    }
    writeConstants(file.create_group('constant_data', true), items);
  });
  let at = 0;
  for (const region of outline.regions) {
    yield* inPieces(at, region.offset, pieceBytes, outline.read);
    yield* values(region, variables, items, shape, pieceBytes);
    at = region.offset + region.bytes;
  }
  yield* inPieces(at, outline.bytes, pieceBytes, outline.read);
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
  shape: readonly number[],
  method: string,
  large: CreateLarge,
): void {
  setAttributes(group, { inference_method: method });
  DIMENSIONS.forEach((name, axis) => {
    writeScale(group, name, shape[axis]);
  });
  for (const { name, type } of variables) {
    const variable = large(group, { name, shape, dtype: type === 'bool' ? '<b' : type });
    DIMENSIONS.forEach((dimension, axis) => {
      variable.attach_scale(axis, `${group.path}/${dimension}`);
    });
    if (type === 'bool') setAttributes(variable, { dtype: 'bool' });
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

/** The values of one variable, realization after realization. */
function* values(
  region: Region,
  variables: readonly Variable[],
  items: readonly RealizationData[],
  [, chains, draws]: readonly [number, number, number],
  pieceBytes: number,
): Generator<Uint8Array<ArrayBuffer>> {
  const variable = variables.find(({ group, name }) => region.path === `/${group}/${name}`)!;
  const each = region.bytes / items.length;
  const perPiece = Math.max(1, Math.floor(pieceBytes / each));
  for (let first = 0; first < items.length; first += perPiece) {
    const some = items.slice(first, first + perPiece);
    const piece = new Uint8Array(each * some.length);
    some.forEach((item, i) => {
      const column = columnOf(item, variable);
      const whole = convert(padded(column, item, chains, draws), variable.type);
      piece.set(new Uint8Array(whole.buffer, whole.byteOffset, whole.byteLength), i * each);
    });
    yield piece;
  }
}

function columnOf(item: RealizationData, { group, name }: Variable): PosteriorColumn {
  const column = (group === 'posterior' ? item.parameters : item.stats).find((candidate) => candidate.name === name);
  if (column?.values.length === item.chains * item.draws) return column;
  throw new BundleError(
    `${POSTERIOR_ALL_PATH}: ${item.runId} has no ${name} of chains × draws values, as the others have.`,
  );
}

function padded(
  { values: given }: PosteriorColumn,
  item: PosteriorData,
  chains: number,
  draws: number,
): PosteriorColumn['values'] {
  if (item.chains === chains && item.draws === draws) return given;
  const whole = new Float64Array(chains * draws).fill(
    given instanceof Float64Array || given instanceof Float32Array ? Number.NaN : 0,
  );
  for (let chain = 0; chain < item.chains; chain++) {
    whole.set(given.subarray(chain * item.draws, (chain + 1) * item.draws), chain * draws);
  }
  return whole;
}

function* inPieces(
  from: number,
  to: number,
  pieceBytes: number,
  read: (offset: number, length: number) => Uint8Array<ArrayBuffer>,
): Generator<Uint8Array<ArrayBuffer>> {
  for (let at = from; at < to; at += pieceBytes) yield read(at, Math.min(pieceBytes, to - at));
}
