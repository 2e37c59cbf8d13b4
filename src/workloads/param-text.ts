/** Parameters as text, for links and command lines, from the same table: `0.01,0.02` and back. */
import * as v from 'valibot';
import type { ParamSpec, ParamValue } from './params.ts';
import { allowedValues, paramSchema, setText, shown } from './validate.ts';
import { ConfigError } from './workload.ts';

/** A value as text that `paramFromText` reads back exactly. */
export function paramToText(value: ParamValue): string {
  return Array.isArray(value) ? value.join(',') : String(value);
}

/** A value as a person would write it into a form. */
export function paramToField(spec: ParamSpec, value: ParamValue): string {
  if (spec.kind === 'text') return String(value);
  if ('zero' in spec && spec.zero !== undefined && value === 0) return spec.zero;
  return paramToText(value).replaceAll(',', ', ');
}

/**
 * Reads a parameter from text; lists take commas or spaces between numbers, booleans also `yes`/`no` and `1`/`0`.
 * @throws ConfigError that names the field, the text and what is allowed.
 */
export function paramFromText(spec: ParamSpec, text: string): ParamValue {
  const value = interpret(spec, text.trim());
  if (value === undefined || !v.is(paramSchema(spec), value)) {
    throw new ConfigError(
      `params.${spec.key}`,
      `${spec.label} (${spec.key}): ${shown(text)} is not allowed; give ${allowedValues(spec)}.`,
    );
  }
  return value;
}

function interpret(spec: ParamSpec, text: string): ParamValue | undefined {
  switch (spec.kind) {
    case 'number':
    case 'integer':
      if (spec.zero !== undefined && text.toLowerCase() === spec.zero) return 0;
      return text === '' ? undefined : Number(text);
    case 'numberList':
      return text === ''
        ? undefined
        : text.split(/\s*,\s*|\s+/).map((part) => (part === '' ? Number.NaN : Number(part)));
    case 'set': {
      const all = spec.choices.map(({ value }) => value);
      const named = text.split(/[\s,]+/).filter((part) => part !== '');
      const meant = named.map((name) => spec.choices.find(({ aliases }) => aliases?.includes(name))?.value ?? name);
      return setText(spec, text.toLowerCase() === 'all' ? all : meant);
    }
    case 'choice':
    case 'text':
      return text;
    case 'boolean':
      if (/^(true|yes|1)$/i.test(text)) {
        return true;
      }
      return /^(false|no|0)$/i.test(text) ? false : undefined;
  }
}

/** The command-line flag of a parameter, without dashes: its own, or the key in kebab case. */
export function paramFlag(spec: ParamSpec): string {
  return spec.flag ?? spec.key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
