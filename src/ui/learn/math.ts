/** MathML, which browsers draw themselves, from short texts: `line('ε p')`, `fraction(line('1'), line('2'))`. */
import { createElement, type ReactElement, type ReactNode } from 'react';

/** A formula on its own line; `label` says it in words. */
export function formula(label: string, ...children: ReactNode[]): ReactElement {
  return createElement('math', { display: 'block', 'aria-label': label }, ...children);
}

/** A row of symbols: numbers, operators and names (one word is one name) apart by spaces. */
export function line(text: string): ReactElement {
  const parts = text.split(' ').map((part) => {
    const tag = /^\d/.test(part) ? 'mn' : /^\p{L}{2,}/u.test(part) ? 'mtext' : /^\p{L}/u.test(part) ? 'mi' : 'mo';
    // A row that begins or ends with an operator would otherwise set it without space.
    const attributes: Readonly<Record<string, string>> =
      tag !== 'mo' ? {} : /[()|]/.test(part) ? { stretchy: 'false' } : { form: 'infix' };
    const text = part === 'log' ? 'log\u2009' : part.replaceAll('_', '\u00a0');
    return createElement(tag, attributes, text);
  });
  return createElement('mrow', null, ...parts);
}

export const fraction = (over: ReactNode, under: ReactNode) => createElement('mfrac', null, over, under);
export const power = (base: ReactNode, exponent: ReactNode) => createElement('msup', null, base, exponent);
export const index = (base: ReactNode, below: ReactNode) => createElement('msub', null, base, below);
export const under = (base: ReactNode, below: ReactNode) => createElement('munder', null, base, below);
export const over = (base: ReactNode, above: ReactNode) => createElement('mover', null, base, above);
export const row = (...children: ReactNode[]) => createElement('mrow', null, ...children);
