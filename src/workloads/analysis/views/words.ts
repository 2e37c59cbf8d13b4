/** Numbers and names of metrics as people read them. */

import { tokenText } from '../../../ui/charts/pen.ts';
import { plain, scientific, withError } from '../../../ui/format.ts';
import type { Headline } from '../metrics/metric.ts';

/** Below this share of a value, its error is written as a power of ten. */
const TINY = 1e-4;

/** "0.32 ± 0.02 nats"; "8.6671 ± 1e−6" where the error is far smaller. */
export function headlineWords({ value, error, unit }: Pick<Headline, 'value' | 'error' | 'unit'>): string {
  const number = error ? numberWithError(value, error.value) : plain(value);
  return unit ? `${number} ${unit}` : number;
}

function numberWithError(value: number, error: number): string {
  if (error > 0 && error < TINY * Math.abs(value)) return `${plain(value, 5)} ± ${scientific(error, 0)}`;
  return withError(value, error);
}

/** "even attention to all keys: 0.21" */
export function controlWords({ control }: Pick<Headline, 'control'>): string {
  return control ? `${control.name}: ${plain(control.value)}` : '';
}

/** "head 1.2" */
export const headWords = (layer: number, head: number) => `head ${layer}.${head}`;

/** Part of a logit as people read it: "head_1_2", "mlp_0", "attn_bias_3", "norm_bias". */
export function partWords(part: string): string {
  const [kind, ...numbers] = part.split(/_(?=\d)/);
  const names: Readonly<Record<string, string>> = { mlp: 'MLP', attn_bias: 'attention bias', norm_bias: 'norm bias' };
  return [names[kind] ?? kind, numbers.join('.')].join(' ').trim();
}

/** “dog” */
export const quoted = (word: string | undefined) => `“${tokenText(word ?? '')}”`;

/** Name of a file that a picture is saved to. */
export const fileName = (...parts: readonly string[]) =>
  parts
    .join('-')
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/g, '-')
    .replaceAll(/^-|-$/g, '');

/** Lines of an attribute. */
export const linesOf = (text: string | number | undefined): string[] =>
  typeof text === 'string' && text !== '' ? text.split('\n') : [];

/** A tensor's name without what most of them share: "0.mlp.down_proj", "h.1.ln_2.bias". */
export const shortTensor = (name: string) =>
  name
    .replace(/^(model|transformer)\./, '')
    .replace(/^layers\./, '')
    .replace('self_attn.', '')
    .replace(/\.weight$/, '');
