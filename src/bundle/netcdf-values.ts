/** Numbers of a netCDF variable as its conventions mean them, and never more of them than the file can hold. */
import { FileError } from './file-error.ts';
import type { Dataset } from './hdf5.ts';

/** More values than this in one variable, and twice as many in a file, are refused before any is read. */
const MAX_VALUES = 1 << 26;
/** What deflate, the filter with the largest ratio, can make of a byte at most. */
const MAX_RATIO = 1032;
/** Whatever the file's size: constants that were never written take no room at all. */
const ALWAYS_ALLOWED_BYTES = 65_536;

/** What the variables of one file may take together. */
export class ValueBudget {
  #values = 0;
  #bytes = 0;

  /** @param fileBytes size of the file */
  constructor(
    readonly file: string,
    readonly fileBytes: number,
  ) {}

  /**
   * Takes the values of a variable off the budget.
   * @param least fewer are refused
   * @returns how many they are
   * @throws FileError for more than the file's bytes can hold
   */
  take(name: string, variable: Dataset, least = 1): number {
    const shape = variable.shape ?? [];
    const count = shape.reduce((product, length) => product * length, 1);
    if (!(count >= least && count <= MAX_VALUES)) {
      throw this.#refusal(`${name} declares ${shape.join(' × ')} values, and ${least} to ${MAX_VALUES} can be read`);
    }
    this.#values += count;
    this.#bytes += count * variable.metadata.size;
    const ratio = variable.filters.length > 0 ? MAX_RATIO : 1;
    const declared = count * variable.metadata.size;
    if (
      declared > Math.max(ALWAYS_ALLOWED_BYTES, this.fileBytes * ratio) ||
      this.#bytes > Math.max(ALWAYS_ALLOWED_BYTES, this.fileBytes * MAX_RATIO)
    ) {
      throw this.#refusal(
        `${name} declares ${shape.join(' × ')} values, ${declared} bytes, and the file's ${this.fileBytes} bytes cannot hold them`,
      );
    }
    if (this.#values > 2 * MAX_VALUES) {
      throw this.#refusal(`its variables have more than ${2 * MAX_VALUES} values together`);
    }
    return count;
  }

  #refusal(what: string): FileError {
    return new FileError(this.file, what, 'Write the file again, with fewer draws if it really has so many.');
  }
}

/**
 * Values of a variable in f64: `_FillValue` and `missing_value` become NaN, the rest is `value · scale_factor + add_offset`
 * (https://cfconventions.org/cf-conventions/cf-conventions.html#packed-data). Undefined for text and for damaged variables.
 * @param count as `ValueBudget.take` gave it
 */
export function decodedNumbers(variable: Dataset, count: number): Float64Array<ArrayBuffer> | undefined {
  const { value } = variable;
  if (!ArrayBuffer.isView(value) || value instanceof DataView) return undefined;
  // Bytes of signed type that `_Unsigned` declares to be unsigned (netCDF-3 has no other way).
  const unsigned = value instanceof Int8Array && /^true$/i.test(String(attributeOf(variable, '_Unsigned')));
  const stored = unsigned ? new Uint8Array(value.buffer, value.byteOffset, value.length) : value;
  const numbers = Float64Array.from(stored as unknown as ArrayLike<number | bigint>, Number);
  if (numbers.length !== count) return undefined;
  const missing = ['_FillValue', 'missing_value'].flatMap((name) => numberOf(variable, name) ?? []);
  const scale = numberOf(variable, 'scale_factor') ?? 1;
  const offset = numberOf(variable, 'add_offset') ?? 0;
  if (missing.length === 0 && scale === 1 && offset === 0) return numbers;
  return numbers.map((number) => (missing.includes(number) ? Number.NaN : number * scale + offset));
}

function numberOf(variable: Dataset, name: string): number | undefined {
  const value = attributeOf(variable, name);
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined;
}

/** An attribute with one value. */
function attributeOf(variable: Dataset, name: string): unknown {
  const attribute = variable.attrs[name];
  if (attribute === undefined || attribute.metadata.total_size > 1) return undefined;
  const { value } = attribute;
  return ArrayBuffer.isView(value) ? (value as unknown as ArrayLike<number | bigint>)[0] : value;
}
