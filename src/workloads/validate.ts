/**
 * Validation that follows from a parameter table: a valibot schema in which every message names the field, the value found
 * and what is allowed; unknown keys come with the nearest known one.
 */
import * as v from 'valibot';
import type { IntegerParam, NumberParam, ParamSpec, ParamValue, ParamValues, SetParam } from './params.ts';
import { didYouMean } from './suggest.ts';
import { ConfigError, type Preset } from './workload.ts';

/** One problem of one field. */
export interface ParamIssue {
  /** Path of the field, e.g. `params.noiseSigma`. */
  readonly field: string;
  readonly message: string;
}

/** The table's defaults. */
export function defaultParams(specs: readonly ParamSpec[]): ParamValues {
  return Object.fromEntries(specs.map((spec) => [spec.key, spec.default]));
}

/** Every parameter's value under a preset. */
export function presetParams(specs: readonly ParamSpec[], preset: Preset): ParamValues {
  return { ...defaultParams(specs), ...preset.params };
}

/** What a parameter accepts, in words: "a number above 0", "one of …". */
export function allowedValues(spec: ParamSpec): string {
  switch (spec.kind) {
    case 'number':
      return `a number${range(spec.min, spec.max, spec.exclusiveMin)}${zero(spec)}`;
    case 'integer':
      return `a whole number${range(spec.min, spec.max)}${zero(spec)}`;
    case 'numberList':
      return `1 to ${spec.maxLength} numbers, each${range(spec.min, spec.max) || ' finite'}`;
    case 'choice':
      return `one of ${spec.choices.map((choice) => `"${choice.value}"`).join(', ')}`;
    case 'set':
      return `all, or some of ${spec.choices.map((choice) => choice.value).join(', ')}`;
    case 'boolean':
      return 'true or false';
    case 'text':
      return spec.allowed;
  }
}

const zero = (spec: NumberParam | IntegerParam) => (spec.zero === undefined ? '' : `; 0 is ${spec.zero}`);

function range(min?: number, max?: number, exclusiveMin = false): string {
  const lower = min === undefined ? '' : exclusiveMin ? ` above ${min}` : ` from ${min}`;
  const upper = max === undefined ? '' : exclusiveMin || min === undefined ? ` up to ${max}` : ` to ${max}`;
  return exclusiveMin && upper ? `${lower} and${upper}` : `${lower}${upper}`;
}

/** Values of a set as its parameter has them: in the table's order, each once; undefined for none, or for one that is not in the table. */
export function setText({ choices }: SetParam, values: readonly string[]): string | undefined {
  const known = new Set(choices.map(({ value }) => value));
  if (values.length === 0 || values.some((value) => !known.has(value))) return undefined;
  return choices.flatMap(({ value }) => (values.includes(value) ? [value] : [])).join(',');
}

/** Schema of one parameter's value. */
export function paramSchema(spec: ParamSpec): v.GenericSchema<unknown, ParamValue> {
  const message = (issue: { readonly input: unknown }) => refusal(spec, issue.input);
  const bounds = { min: -Infinity, max: Infinity, exclusiveMin: false, ...spec };
  const inRange = (x: number) => (bounds.exclusiveMin ? x > bounds.min : x >= bounds.min) && x <= bounds.max;
  switch (spec.kind) {
    case 'number':
      return v.pipe(v.number(message), v.finite(message), v.check(inRange, message));
    case 'integer':
      return v.pipe(v.number(message), v.safeInteger(message), v.check(inRange, message));
    case 'numberList':
      return v.pipe(
        v.array(v.pipe(v.number(message), v.finite(message), v.check(inRange, message)), message),
        v.minLength(1, message),
        v.maxLength(spec.maxLength, message),
      );
    case 'choice':
      return v.picklist(
        spec.choices.map((choice) => choice.value),
        message,
      );
    case 'set':
      return v.pipe(
        v.string(message),
        v.check((text) => text === setText(spec, text.split(',')), message),
      );
    case 'boolean':
      return v.boolean(message);
    case 'text':
      return v.pipe(v.string(message), v.maxLength(spec.maxLength, message));
  }
}

function refusal(spec: ParamSpec, input: unknown): string {
  const found = input === undefined ? 'missing' : `${shown(input)} is not allowed`;
  return `${spec.label} (${spec.key}): ${found}; give ${allowedValues(spec)}.`;
}

/** A value as a person would write it, shortened; NaN and infinities by name, which JSON would turn into null. */
export function shown(input: unknown): string {
  return shortened(typeof input === 'number' ? String(input) : (JSON.stringify(input) ?? String(input)));
}

/** A text that fits into a sentence. */
export function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

const schemas = new WeakMap<readonly ParamSpec[], v.GenericSchema<unknown, ParamValues>>();

/** Schema of a complete set of parameters: every key of the table, no other. */
export function paramsSchema(specs: readonly ParamSpec[]): v.GenericSchema<unknown, ParamValues> {
  let schema = schemas.get(specs);
  if (!schema) {
    schema = v.strictObject(
      Object.fromEntries(specs.map((spec) => [spec.key, paramSchema(spec)])),
      'The parameters must be an object of names and values.',
    );
    schemas.set(specs, schema);
  }
  return schema;
}

/**
 * All problems of a set of parameters, at most one a field; empty where it is complete and valid.
 * Checks across fields are the experiment's own (`configure`).
 */
export function paramIssues(specs: readonly ParamSpec[], values: unknown): ParamIssue[] {
  const { issues = [] } = v.safeParse(paramsSchema(specs), values);
  const found = new Map<string, string>();
  for (const issue of issues) {
    const key = issue.path?.[0]?.key;
    const name = typeof key === 'string' ? key : undefined;
    const field = name === undefined ? 'params' : `params.${name}`;
    if (!found.has(field)) {
      found.set(field, name === undefined ? issue.message : fieldMessage(specs, name, issue.message));
    }
  }
  return [...found].map(([field, message]) => ({ field, message }));
}

function fieldMessage(specs: readonly ParamSpec[], key: string, message: string): string {
  const spec = specs.find((candidate) => candidate.key === key);
  if (spec) {
    // A missing key is reported by the object's own schema, whose message knows nothing of the field.
    return message.startsWith(spec.label) ? message : refusal(spec, undefined);
  }
  const keys = specs.map((candidate) => candidate.key);
  return `${key} is not a parameter of this experiment. ${didYouMean(key, keys)}`;
}

/**
 * Completes `values` with a preset's values and the table's defaults, and validates the whole.
 * @throws ConfigError for the first problem; its message counts the others.
 */
export function parseParams(specs: readonly ParamSpec[], preset: Preset | undefined, values: unknown): ParamValues {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw new ConfigError('params', 'The parameters must be an object of names and values, e.g. { "draws": 160 }.');
  }
  const complete = { ...defaultParams(specs), ...preset?.params, ...values };
  const [first, ...others] = paramIssues(specs, complete);
  if (first) {
    const more = others.length > 0 ? ` (${others.length} more: ${others.map((issue) => issue.field).join(', ')})` : '';
    throw new ConfigError(first.field, first.message + more);
  }
  return complete as ParamValues;
}
