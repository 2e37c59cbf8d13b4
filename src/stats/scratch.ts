/**
 * Work arrays that outlive a call: thousands of posteriors are diagnosed one after the other, and making their arrays anew costs more
 * than filling them. Contents are whatever the last call left; a function must neither return its array nor call itself with it.
 */
export class Scratch<T extends Float64Array | Uint32Array> {
  #array: T;
  constructor(readonly make: (length: number) => T) {
    this.#array = make(0);
  }

  /** An array of that length with arbitrary contents. */
  take(length: number): T {
    if (this.#array.length < length) this.#array = this.make(length);
    return this.#array.subarray(0, length) as T;
  }
}

export const f64Scratch = () => new Scratch((length) => new Float64Array(length));
export const u32Scratch = () => new Scratch((length) => new Uint32Array(length));
