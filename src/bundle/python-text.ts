/** Numbers and JSON as Python writes them, for files that Python scripts compare or parse. */

import { parseJson } from './json-text.ts';

/** A Python float; plain numbers are Python ints. */
export class PythonFloat {
  constructor(readonly value: number) {}
}

export type PythonValue =
  | PythonFloat
  | number
  | boolean
  | string
  | readonly PythonValue[]
  | { readonly [key: string]: PythonValue };

/**
 * `repr` of a Python float. Both languages print the shortest digits that round-trip, but Python keeps ".0", goes over to
 * exponents below 1e-4 and from 1e16 on, and pads the exponent to two digits.
 */
export function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [mantissa, exponentText] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  const sign = value < 0 ? '-' : '';
  const digits = mantissa.replace(/[-.]/g, '');
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}

/** `json.dumps(value, indent=2)`: keys in the order given, NaN and Infinity as Python's bare words, no final newline. */
export function pythonJson(value: PythonValue, margin = ''): string {
  if (value instanceof PythonFloat) {
    if (Number.isNaN(value.value)) return 'NaN';
    if (!Number.isFinite(value.value)) return value.value > 0 ? 'Infinity' : '-Infinity';
    return pythonFloat(value.value);
  }
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  // json.dumps escapes everything beyond ASCII.
  if (typeof value === 'string') {
    return JSON.stringify(value).replace(
      /[\u007f-\uffff]/g,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  }
  const inner = `${margin}  `;
  const entries = Array.isArray(value)
    ? value.map((entry: PythonValue) => pythonJson(entry, inner))
    : Object.entries(value).map(([key, entry]) => `${pythonJson(key)}: ${pythonJson(entry, inner)}`);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  if (entries.length === 0) return open + close;
  return `${open}\n${inner}${entries.join(`,\n${inner}`)}\n${margin}${close}`;
}

/**
 * JSON as Python writes it: its bare NaN and Infinity become null, also within strings, which nobody reads numbers from.
 * @throws SyntaxError
 */
export function parsePythonJson(text: string): unknown {
  return parseJson(text.replace(/-?\b(NaN|Infinity)\b/g, 'null'));
}
