/** What is wrong with the text in a field of the form, in a person's words: the field and its label are in sight. */
import { paramFromText } from './param-text.ts';
import type { ParamSpec } from './params.ts';
import { allowedValues, shortened } from './validate.ts';
import { ConfigError } from './workload.ts';

/** One or two sentences; undefined where the text is a value. */
export function textObjection(spec: ParamSpec, text: string): string | undefined {
  try {
    paramFromText(spec, text);
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw thrown;
  }
  const typed = text.trim();
  const give = `Give ${allowedValues(spec)}.`;
  if (typed === '') return give;
  switch (spec.kind) {
    case 'number':
    case 'integer': {
      const value = Number(typed);
      if (Number.isFinite(value)) return (beyond(spec, value) ?? whole(spec, value)) || give;
      if (Number.isFinite(pointed(typed))) return `Write decimals with a point: ${typed.replace(',', '.')}.`;
      return `“${shortened(typed)}” is no number. ${give}`;
    }
    case 'numberList': {
      const parts = typed.split(/\s*,\s*|\s+/);
      const wrong = parts.find((part) => part === '' || !Number.isFinite(Number(part)));
      if (wrong !== undefined)
        return `${wrong === '' ? 'Between two commas nothing is written' : `“${shortened(wrong)}” is no number`}. Separate numbers with commas and write decimals with a point: 0.01, 0.02.`;
      if (parts.length > spec.maxLength) return `${parts.length} numbers are too many: give at most ${spec.maxLength}.`;
      for (const part of parts) {
        const objection = beyond(spec, Number(part));
        if (objection) return objection;
      }
      return give;
    }
    default:
      return give;
  }
}

interface Bounds {
  readonly min?: number;
  readonly max?: number;
  readonly exclusiveMin?: boolean;
}

function beyond({ min = -Infinity, max = Infinity, exclusiveMin = false }: Bounds, value: number): string | undefined {
  if (value > max) return `${value} is too large: at most ${max}.`;
  if (exclusiveMin && value <= min) return `${value} is too small: it must be above ${min}.`;
  return value < min ? `${value} is too small: at least ${min}.` : undefined;
}

function whole(spec: ParamSpec, value: number): string | undefined {
  return spec.kind === 'integer' && !Number.isInteger(value) ? `${value} is no whole number.` : undefined;
}

/** As a number where a comma stands for the point. */
const pointed = (text: string) => (/^[^,]*,[^,]*$/.test(text) ? Number(text.replace(',', '.')) : Number.NaN);
