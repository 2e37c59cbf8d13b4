/** The loss over all steps in few numbers: means of equal stretches, which double in length whenever there are too many. */

export interface LossPoint {
  /** Middle of the stretch. */
  readonly step: number;
  readonly loss: number;
}

/** Stretches at most; an even number. */
const MOST = 400;

export class LossCurve {
  /** Steps of a stretch. */
  #length = 1;
  #sums: number[] = [];
  #counts: number[] = [];

  /** Takes the losses of the steps from `first` on. What is not finite is left out. */
  add(first: number, losses: ArrayLike<number>): void {
    for (let i = 0; i < losses.length; i++) {
      while (first + i >= MOST * this.#length) this.#double();
      if (!Number.isFinite(losses[i])) continue;
      const at = Math.floor((first + i) / this.#length);
      this.#sums[at] = (this.#sums[at] ?? 0) + losses[i];
      this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    }
  }

  points(): LossPoint[] {
    return Array.from(this.#sums, (sum = 0, at) => ({
      step: (at + 0.5) * this.#length,
      loss: sum / (this.#counts[at] ?? 0),
    })).filter(({ loss }) => Number.isFinite(loss));
  }

  #double(): void {
    const half = (values: readonly number[]) =>
      Array.from({ length: Math.ceil(values.length / 2) }, (_, i) => (values[2 * i] ?? 0) + (values[2 * i + 1] ?? 0));
    this.#sums = half(this.#sums);
    this.#counts = half(this.#counts);
    this.#length *= 2;
  }
}
