/** What is kept of a text's activations, and in which order. */
import type { DecoderSpec } from './spec.ts';

/**
 * `residual`: the stream after k = 0 … L blocks (0: the embedding; never through the final norm). `attn_contribution`, `mlp_contribution`:
 * what is added to it (behind post-norms). `k_proj`, `v_proj`: before rotary positions, with their biases. Names of the origin.
 */
export const COMPONENTS = ['residual', 'attn_contribution', 'mlp_contribution', 'k_proj', 'v_proj'] as const;
export type Component = (typeof COMPONENTS)[number];

export interface CaptureSpec {
  /** In the order of `COMPONENTS`; none where nothing is captured. */
  readonly components: readonly Component[];
  /** Windows of positions that are summed for every text; every text of a batch has as many. */
  readonly windows: number;
  /** Values of every position are kept, too: of few texts, to be looked at token by token. */
  readonly kept: boolean;
}

/** Where a component lies in a captured row: [entries][width] numbers from `at` on. */
export interface CapturedPart {
  readonly component: Component;
  readonly at: number;
  /** L + 1 of `residual`, else L. */
  readonly entries: number;
  readonly width: number;
}

/** Parts of a captured row, one behind the other, and its length in numbers. */
export function capturedParts(
  { layers, width, kvHeads, head }: DecoderSpec,
  components: readonly Component[],
): { readonly parts: readonly CapturedPart[]; readonly size: number } {
  let size = 0;
  const parts = COMPONENTS.filter((each) => components.includes(each)).map((component) => {
    const entries = component === 'residual' ? layers + 1 : layers;
    const own = component === 'k_proj' || component === 'v_proj' ? kvHeads * head : width;
    const part = { component, at: size, entries, width: own };
    size += entries * own;
    return part;
  });
  return { parts, size };
}
