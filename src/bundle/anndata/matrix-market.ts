/**
 * Matrix Market files of counts, `.mtx` (https://math.nist.gov/MatrixMarket/formats.html#MMformat): "%%MatrixMarket matrix coordinate
 * integer general", comments, rows, columns and entries, and an entry a line with places from 1.
 */
import { FileError } from '../file-error.ts';
import { unpacked } from './inflate.ts';
import { LARGEST_COUNT } from './sparse-counts.ts';

/** Entries as they come. */
export interface Triplets {
  readonly rows: number;
  readonly columns: number;
  readonly rowOf: Uint32Array<ArrayBuffer>;
  readonly columnOf: Uint32Array<ArrayBuffer>;
  readonly values: Uint32Array<ArrayBuffer>;
}

const SAVE = 'Save it as a sparse matrix of whole numbers: scipy.io.mmwrite(path, counts.astype(int)).';
const AGAIN = 'The file is damaged or cut short; copy it again.';
const MAX_SIZE = 2 ** 31 - 1;
const MAX_ENTRIES = 2 ** 30;
const LONGEST_LINE = 65_536;
/** Before anything is known of how many there are. */
const FIRST_ROOM = 1024;
/** Rows or columns that may be declared with however few entries; more need an entry each, or memory is taken for nothing. */
const ALWAYS_ALLOWED = 65_536;

/** @throws FileError, naming the line, for another kind of matrix, places out of range, values that are no counts, and too few entries */
export function readMatrixMarket(name: string, bytes: Uint8Array): Triplets {
  const reader = new Reader(name);
  let rest = new Uint8Array(0);
  for (const piece of unpacked(name, bytes)) {
    const all = joined(rest, piece);
    let from = 0;
    for (let end = all.indexOf(10); end >= 0; end = all.indexOf(10, from)) {
      reader.line(all, from, end);
      from = end + 1;
    }
    rest = all.slice(from);
    if (rest.length > LONGEST_LINE) throw new FileError(name, `line ${reader.lines + 1} has no end`, SAVE);
  }
  if (rest.length > 0) reader.line(rest, 0, rest.length);
  return reader.end();
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}

class Reader {
  lines = 0;
  #size: { readonly rows: number; readonly columns: number; readonly entries: number } | undefined;
  #count = 0;
  #rowOf = new Uint32Array(FIRST_ROOM);
  #columnOf = new Uint32Array(FIRST_ROOM);
  #values = new Uint32Array(FIRST_ROOM);
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  line(bytes: Uint8Array, from: number, to: number): void {
    this.lines++;
    if (this.lines === 1) {
      this.#head(textOf(bytes, from, to));
      return;
    }
    let at = from;
    while (at < to && bytes[at] <= 32) at++;
    if (at === to || bytes[at] === 37) return;
    const numbers = this.#numbers(bytes, at, to);
    if (this.#size) this.#entry(numbers);
    else this.#sizes(numbers);
  }

  #head(text: string): void {
    const words = text.trim().toLowerCase().split(/\s+/);
    if (words[0] !== '%%matrixmarket' || words[1] !== 'matrix')
      throw this.#refusal(
        'it does not begin with "%%MatrixMarket matrix"',
        'Give the matrix.mtx of a gene expression library.',
      );
    const [, , form, kind, symmetry] = words;
    if (form !== 'coordinate' || (kind !== 'integer' && kind !== 'real') || symmetry !== 'general')
      throw this.#refusal(`it is "${words.slice(2).join(' ')}", and "coordinate integer general" is read`, SAVE);
  }

  #sizes([rows, columns, entries]: readonly number[]): void {
    const sized = [rows, columns].every((size) => size >= 1 && size <= MAX_SIZE);
    if (!sized || !(entries <= MAX_ENTRIES))
      throw this.#refusal(
        `line ${this.lines} declares ${rows} × ${columns} with ${entries} entries, and at most ${MAX_SIZE} × ${MAX_SIZE} with ${MAX_ENTRIES} are read`,
        AGAIN,
      );
    this.#size = { rows, columns, entries };
  }

  #entry([row, column, value]: readonly number[]): void {
    const { rows, columns, entries } = this.#size!;
    if (!(row >= 1 && row <= rows && column >= 1 && column <= columns))
      throw this.#refusal(
        `line ${this.lines} is about place ${row}, ${column} of ${rows} × ${columns} (counted from 1)`,
        AGAIN,
      );
    if (value > LARGEST_COUNT)
      throw this.#refusal(`line ${this.lines} holds ${value}, and counts up to ${LARGEST_COUNT} are read`, SAVE);
    if (this.#count === entries)
      throw this.#refusal(`line ${this.lines} is one more than the ${entries} entries that it declares`, AGAIN);
    if (this.#count === this.#values.length) this.#grow(entries);
    this.#rowOf[this.#count] = row - 1;
    this.#columnOf[this.#count] = column - 1;
    this.#values[this.#count++] = value;
  }

  /** Three whole numbers; a value written "3.0" or "1e2" is one too. */
  #numbers(bytes: Uint8Array, from: number, to: number): readonly number[] {
    const numbers: number[] = [];
    let at = from;
    while (at < to && numbers.length < 4) {
      const begin = at;
      let number = 0;
      while (at < to && bytes[at] >= 48 && bytes[at] <= 57) number = 10 * number + bytes[at++] - 48;
      if (at < to && bytes[at] > 32) {
        while (at < to && bytes[at] > 32) at++;
        number = Number(textOf(bytes, begin, at));
      }
      numbers.push(number);
      while (at < to && bytes[at] <= 32) at++;
    }
    if (numbers.length === 3 && numbers.every((number) => number >= 0 && Number.isSafeInteger(number))) return numbers;
    throw this.#refusal(
      `line ${this.lines}, "${textOf(bytes, from, Math.min(to, from + 60)).trim()}", is not three whole numbers from 0`,
      'Give counts as they were made, not normalised ones.',
    );
  }

  #grow(entries: number): void {
    const room = Math.min(entries, 2 * this.#values.length);
    const grown = (old: Uint32Array<ArrayBuffer>) => {
      const larger = new Uint32Array(room);
      larger.set(old);
      return larger;
    };
    this.#rowOf = grown(this.#rowOf);
    this.#columnOf = grown(this.#columnOf);
    this.#values = grown(this.#values);
  }

  end(): Triplets {
    if (!this.#size) throw this.#refusal('it ends before its size', AGAIN);
    const { rows, columns, entries } = this.#size;
    const count = this.#count;
    if (count < entries)
      throw this.#refusal(`it ends after ${count} of the ${entries} entries that it declares`, AGAIN);
    const most = Math.max(ALWAYS_ALLOWED, count);
    if (rows > most || columns > most)
      throw this.#refusal(`it declares ${rows} × ${columns}, and has ${count} entries`, AGAIN);
    const [rowOf, columnOf] = [this.#rowOf.slice(0, count), this.#columnOf.slice(0, count)];
    return { rows, columns, rowOf, columnOf, values: this.#values.slice(0, count) };
  }

  #refusal(what: string, advice: string): FileError {
    return new FileError(this.#name, what, advice);
  }
}

function textOf(bytes: Uint8Array, from: number, to: number): string {
  return new TextDecoder().decode(bytes.subarray(from, to));
}
