/** Canonical JSON (RFC 8785 order and numbers), so that equal values have equal bytes. */
import { BundleError } from './types.ts';

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined };

/**
 * Canonical text: keys in code-unit order, shortest round-trip numbers; keys whose value is undefined are left out.
 * @param indent spaces a level; 0 gives RFC 8785 exactly, anything else the same order, readable, with a final newline.
 * @throws BundleError for NaN, infinities and what JSON has no word for, naming the path.
 */
export function canonicalJson(value: JsonValue, indent = 2): string {
  const text = write(value, '$', indent, '');
  return indent > 0 ? `${text}\n` : text;
}

function write(value: JsonValue | undefined, path: string, indent: number, margin: string): string {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new BundleError(`${path} is ${value}, which JSON cannot hold; write null where a number is unknown.`);
  }
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') {
    return JSON.stringify(value);
  }
  const inner = margin + ' '.repeat(indent);
  if (Array.isArray(value)) {
    const entries = value.map((entry: JsonValue, i) => write(entry, `${path}[${i}]`, indent, inner));
    return enclose('[', entries, ']', indent, margin);
  }
  if (Object.prototype.toString.call(value) !== '[object Object]') {
    throw new BundleError(`${path} is ${Object.prototype.toString.call(value)}, which JSON cannot hold.`);
  }
  // An object with sorted keys would not do: engines put keys like "10" first whatever the order of insertion.
  const entries = Object.entries(value as { readonly [key: string]: JsonValue | undefined })
    .filter(([, entry]) => entry !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, entry]) => {
      const text = write(entry, `${path}.${key}`, indent, inner);
      return `${JSON.stringify(key)}:${indent > 0 ? ' ' : ''}${text}`;
    });
  return enclose('{', entries, '}', indent, margin);
}

function enclose(open: string, entries: readonly string[], close: string, indent: number, margin: string): string {
  if (entries.length === 0) return open + close;
  if (indent === 0) return open + entries.join(',') + close;
  const inner = `\n${margin}${' '.repeat(indent)}`;
  return `${open}${inner}${entries.join(`,${inner}`)}\n${margin}${close}`;
}
