/** Elements of an HDF5 file that somebody gave: each is looked at before it is read, and refused by its path. */
import { FileError } from '../file-error.ts';
import type { Dataset, File, Group } from '../hdf5.ts';
import type { FileChoices } from '../own-file.ts';
import { FilterNeeded, filterState } from './filters.ts';

export type Numbers =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/** HDF5's classes of types that are read. */
const [INTEGER, FLOAT, STRING, COMPOUND, ENUM] = [0, 1, 3, 6, 8];
/** What deflate can make of a byte at most. A file that declares more holds nothing but constants, or is damaged. */
const MAX_RATIO = 1032;
/** Whatever the file's size: constants that were never written take no room at all. */
const ALWAYS_ALLOWED_BYTES = 65_536;
/** Values of an array that is read as a whole: a name, a label or a start of a row a cell. */
const MAX_WHOLE = 1 << 26;

const AGAIN = 'The file is damaged or cut short; copy it or write it again with adata.write_h5ad.';

export class Elements {
  readonly #found = new Map<string, Dataset | Group | undefined>();

  /** @param bytes size of the file */
  constructor(
    readonly file: string,
    readonly bytes: number,
    readonly root: File,
  ) {}

  refusal(what: string, advice = AGAIN, choices?: FileChoices): FileError {
    return new FileError(this.file, what, advice, { choices });
  }

  /** What stands at a path; undefined where nothing does, or only a link that leads nowhere. */
  at(path: string): Dataset | Group | undefined {
    const known = this.#found.get(path);
    if (known || this.#found.has(path)) return known;
    let place: Dataset | Group | undefined = this.root;
    for (const name of path.split('/')) {
      if (!place || !('keys' in place) || !place.keys().includes(name)) place = undefined;
      else {
        const next = place.get(name);
        place = next && ('keys' in next || 'filters' in next) ? next : undefined;
      }
    }
    this.#found.set(path, place);
    return place;
  }

  group(path: string): Group | undefined {
    const found = path === '' ? this.root : this.at(path);
    return found && 'keys' in found ? found : undefined;
  }

  dataset(path: string): Dataset | undefined {
    const found = this.at(path);
    return found && 'filters' in found ? found : undefined;
  }

  names(path: string): readonly string[] {
    return this.group(path)?.keys() ?? [];
  }

  /** An attribute's value or values; numbers of any kind as numbers. */
  attribute(path: string, name: string): string | number | readonly (string | number)[] | undefined {
    const of = path === '' ? this.root : this.at(path);
    const attribute = of?.attrs[name];
    if (!attribute || attribute.metadata.total_size > MAX_WHOLE) return undefined;
    const { type } = attribute.metadata;
    if (![INTEGER, FLOAT, STRING, ENUM].includes(type)) return undefined;
    const { value } = attribute;
    if (Array.isArray(value)) return value.map((each) => (typeof each === 'bigint' ? Number(each) : String(each)));
    if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number | bigint>, Number);
    if (typeof value === 'bigint' || typeof value === 'boolean') return Number(value);
    return typeof value === 'string' || typeof value === 'number' ? value : undefined;
  }

  text(path: string, name: string): string | undefined {
    const value = this.attribute(path, name);
    const one = Array.isArray(value) && value.length === 1 ? value[0] : value;
    return typeof one === 'string' ? one : undefined;
  }

  /** A dataset of so many axes that may be read. */
  array(path: string, axes = 1): { readonly dataset: Dataset; readonly shape: readonly number[] } {
    const dataset = this.dataset(path);
    if (!dataset) throw this.refusal(`${path} is missing${this.group(path) ? ' (a group has its name)' : ''}`);
    const { shape, filters, metadata } = dataset;
    if (shape?.length !== axes)
      throw this.refusal(
        `${path} has the shape ${shape?.join(' × ') || 'of a single value'}, and ${axes === 1 ? 'one axis is' : `${axes} axes are`} needed`,
      );
    const declared = shape.reduce((product, length) => product * length, 1) * metadata.size;
    const ratio = filters.length > 0 ? MAX_RATIO : 1;
    if (!(declared <= Math.max(ALWAYS_ALLOWED_BYTES, this.bytes * ratio)))
      throw this.refusal(
        `${path} declares ${shape.join(' × ')} values, ${declared} bytes, and the file's ${this.bytes} bytes cannot hold them`,
      );
    for (const { id, name } of filters) {
      const state = filterState(id);
      if (state === 'loadable') throw new FilterNeeded(id);
      if (state === 'unknown')
        throw this.refusal(
          `${path} is compressed with ${name || 'a filter without a name'} (HDF5 filter ${id}), which is not read here`,
          'Save it again in Python: anndata.read_h5ad(path).write_h5ad(path, compression="gzip").',
        );
    }
    return { dataset, shape };
  }

  isText(path: string): boolean {
    return this.dataset(path)?.metadata.type === STRING;
  }

  isCompound(path: string): boolean {
    return this.dataset(path)?.metadata.type === COMPOUND;
  }

  isBoolean(path: string): boolean {
    return this.dataset(path)?.metadata.type === ENUM;
  }

  /** Numbers of a dataset, `ranges` of its axes or all of them; 64-bit whole numbers as f64. */
  numbers(path: string, ranges?: readonly (readonly [number, number])[], axes = ranges?.length ?? 1): Numbers {
    const { dataset, shape } = this.array(path, axes);
    const { type, size } = dataset.metadata;
    if (![INTEGER, FLOAT, ENUM].includes(type) || (type === FLOAT ? size !== 4 && size !== 8 : size > 8))
      throw this.refusal(
        `${path} holds ${type === FLOAT ? `floats of ${8 * size} bits` : type === STRING ? 'text' : 'no numbers'}`,
        'Save it with numbers of an ordinary type, e.g. float32 or int32.',
      );
    const taken = ranges ?? shape.map((length) => [0, length] as const);
    const count = taken.reduce((product, [from, to]) => product * (to - from), 1);
    if (!ranges && count > MAX_WHOLE)
      throw this.refusal(`${path} has ${count} values, and at most ${MAX_WHOLE} are read`);
    if (count === 0) return new Float64Array(0);
    const value: unknown = dataset.slice(taken.map(([from, to]) => [from, to]));
    if (!ArrayBuffer.isView(value) || value instanceof DataView)
      throw this.refusal(`${path} cannot be read as numbers`);
    const view = value as Numbers | BigInt64Array | BigUint64Array;
    const values =
      view instanceof BigInt64Array || view instanceof BigUint64Array ? Float64Array.from(view, Number) : view;
    if (values.length !== count) throw this.refusal(`${path} gave ${values.length} of its ${count} values`);
    return values;
  }

  /** Texts of a dataset. */
  texts(path: string): string[] {
    const { dataset, shape } = this.array(path);
    if (dataset.metadata.type !== STRING) throw this.refusal(`${path} holds no text`);
    if (shape[0] > MAX_WHOLE) throw this.refusal(`${path} has ${shape[0]} values, and at most ${MAX_WHOLE} are read`);
    if (shape[0] === 0) return [];
    const { value } = dataset;
    if (!Array.isArray(value) || value.length !== shape[0]) throw this.refusal(`${path} cannot be read as text`);
    return value.map((each) => (typeof each === 'string' ? each : ''));
  }
}
