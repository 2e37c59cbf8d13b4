/** The kernel that draws a token from each of some rows of logits. */
import type { ShaderSpec } from '../../../gpu/shaders.ts';
import { type SamplingSizes, samplingConstants } from './sampling.ts';

/** In the place of a given id in `asked`: draw one. */
export const NO_ID = 0xffffffff;

/**
 * `sampling_rows.wgsl`: binding 0 logits, 1 asked, 2 settings (uniform, `samplingWords`), 3 drawn; as many workgroups as `asked` has rows.
 * @param scored −log p of what was drawn or given, besides
 */
export function samplingRowsShader(
  vocabulary: number,
  sizes: SamplingSizes,
  { scored, words = false }: { readonly scored: boolean; readonly words?: boolean },
): ShaderSpec {
  return {
    module: 'nn/transformer/sampling_rows',
    conditions: { stored: true, words },
    constants: { ...samplingConstants(vocabulary, sizes), SCORED: scored ? '1u' : '0u' },
  };
}
