/** A stream of Threefry words for computations on the CPU that need random numbers in a fixed order. */
import { normalQuantile } from '../normal.ts';
import { keyOfSeed, type RandomKey, threefry2x32, uniform01 } from '../threefry.ts';

/** Word i of a stream is word i & 1 of counter (i >> 1, stream) under key (low, high 32 bits of the seed). */
export class RandomWords {
  readonly #key: RandomKey;
  readonly #stream: number;
  #block = 0;
  #kept: number | undefined;

  /** @param seed an integer from 0 to 2⁵³ − 1. @param stream an integer below 2³²: streams of one seed are independent. */
  constructor(seed: number, stream: number) {
    this.#key = keyOfSeed(seed);
    this.#stream = stream >>> 0;
  }

  /** The next 32 bits as an unsigned integer. */
  word(): number {
    const kept = this.#kept;
    if (kept !== undefined) {
      this.#kept = undefined;
      return kept;
    }
    const words = threefry2x32(this.#key, [this.#block++, this.#stream]);
    this.#kept = words[1];
    return words[0];
  }

  /** Uniform in (0, 1), 24 bits. */
  uniform(): number {
    return uniform01(this.word());
  }

  /** Standard normal. */
  normal(): number {
    return normalQuantile(this.uniform());
  }

  /** Puts the entries into random order (Fisher–Yates; the bias of a 32-bit word on n places is below n 2⁻³²). */
  shuffle(values: Uint32Array): void {
    for (let last = values.length - 1; last > 0; last--) {
      const other = Math.floor(this.word() * 2 ** -32 * (last + 1));
      const value = values[last];
      values[last] = values[other];
      values[other] = value;
    }
  }
}
