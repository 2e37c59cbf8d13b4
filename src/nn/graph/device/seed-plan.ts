/** A seed that is ready: what it brings is uploaded. */
import type { GraphKernel } from './kernel.ts';

export interface SeedPlan {
  /** Value whose adjoint it gives. */
  readonly from: string;
  /** Tells its kernels from others'. */
  readonly key: string;
  readonly kernels: () => readonly GraphKernel[];
  /** Buffers that hold 0 before. */
  readonly clear: readonly string[];
}
