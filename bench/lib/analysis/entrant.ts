/** Whoever differentiates. Everybody gives back numbers that the CPU can read: that belongs to the time. */
import type { Quantity } from './problem.ts';

export interface AnalysisEntrant {
  readonly name: string;
  /** Gradient and product in θ's order; attributions [text][position]. */
  output(quantity: Quantity): Promise<ArrayLike<number>>;
  /** The same, so many times, without handing it on. */
  run(quantity: Quantity, steps: number): Promise<void>;
  close?(): void;
}
