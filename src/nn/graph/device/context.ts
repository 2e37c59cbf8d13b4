/** What a pass computes with. */
import type { Layout } from './layout.ts';

export interface PassContext {
  readonly layout: Layout;
  /** Vector in θ's place, by its name in the options; `theta` is θ. */
  readonly theta: string;
  /** Vector that is θ̇ (passes of tangents; none: θ̇ = 0). */
  readonly direction?: string;
  /** Vector that gradients by parameters are added to, or their squares by row. */
  readonly into?: string;
  readonly square?: boolean;
}
