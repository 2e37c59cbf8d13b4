/** Names of what is fitted, as people read them. */
import type { Component } from '../../../nn/transformer/capture.ts';
import type { VectorChoice } from '../jobs/vector-types.ts';
import type { Interval, Method } from '../vectors/types.ts';

export const METHOD_WORDS: Readonly<Record<Method, { readonly name: string; readonly about: string }>> = {
  mean_diff: { name: 'Mean difference', about: 'Mean of the positive texts minus mean of the negative ones.' },
  probe: { name: 'Probe', about: 'Logistic regression, solved exactly.' },
  gradient: {
    name: 'Gradient',
    about:
      'Steps of Adam away from a random direction. Its only optimum is the mean difference, so it is no method of its own.',
  },
  ica: {
    name: 'ICA',
    about: 'Of ten independent components, found without labels, the one that parts the training texts best.',
  },
  rfm: {
    name: 'RFM',
    about: 'Top direction of a recursive feature machine: a kernel that learns which directions matter.',
  },
  random: { name: 'Random', about: 'A direction drawn without looking at any text: what chance gives.' },
};

const COMPONENT_WORDS: Readonly<Record<Component, string>> = {
  residual: 'residual stream',
  attn_contribution: 'what attention adds',
  mlp_contribution: 'what the MLP adds',
  k_proj: 'keys',
  v_proj: 'values',
};

export const componentWords = (component: Component) => COMPONENT_WORDS[component];

/** "residual 4": after 4 blocks; of what a block adds, the block counted from 1. */
export const layerWords = (component: Component, layer: number) =>
  component === 'residual' ? `residual ${layer}` : `block ${layer + 1}`;

/** "0.95 (0.90–0.98)" */
export const intervalWords = ({ value, low, high }: Interval) =>
  `${value.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;

/** A vector in a few words. */
export function choiceWords(choice: VectorChoice): string {
  if (choice.from === 'file') return `your file${choice.layer === undefined ? '' : `, behind block ${choice.layer}`}`;
  if (choice.from === 'texts')
    return `mean difference of the texts at prompt[-1]${choice.layer === undefined ? '' : `, residual ${choice.layer}`}`;
  const { method, component, layer, position } = choice;
  return `${METHOD_WORDS[method].name.toLowerCase()} of ${layerWords(component, layer)} at ${position}`;
}

/** Tokens of a text as people read it: without the name of a token that begins every text. */
export const readable = (pieces: readonly string[]) => (/^<.+>$/.test(pieces[0] ?? '') ? pieces.slice(1) : pieces);
