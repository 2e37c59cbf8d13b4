/**
 * JSON inside bundles. A record is described once, by the names that the program has for its fields: `toFields` writes it with the names of
 * the file, and `readJson` reads it back out of somebody's file, or refuses it with a `FileError` that says what is where.
 */
import * as v from 'valibot';
import { FileError } from './file-error.ts';
import type { JsonValue } from './json.ts';

type Schema<T = unknown> = v.GenericSchema<unknown, T>;
type Fields = Readonly<Record<string, Schema>>;
type RecordOf<F extends Fields> = Schema<v.InferOutput<v.ObjectSchema<F, undefined>>> & {
  /** Each field as the program calls it, and as the file does. */
  readonly names: readonly (readonly [key: keyof F & string, name: string])[];
  readonly fields: F;
};

const object = v.custom<Record<string, unknown>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'an object',
);

/**
 * An object whose fields the file calls as the program does, in snake case. What more it holds is let go; fields that may be absent are
 * undefined then.
 * @param others names in the file that are no such translation
 */
export function record<F extends Fields>(fields: F, others: { readonly [K in keyof F]?: string } = {}): RecordOf<F> {
  const snake = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const names = Object.keys(fields).map((key) => [key, others[key] ?? snake(key)] as const);
  const schema = v.pipe(
    object,
    v.object(Object.fromEntries(names.map(([key, name]) => [name, fields[key]]))),
    v.transform((found) => Object.fromEntries(names.map(([key, name]) => [key, found[name]]))),
  );
  return Object.assign(schema, { fields, names }) as unknown as RecordOf<F>;
}

/** Values by names that nobody knows beforehand. */
export function named<T>(value: Schema<T>) {
  return v.pipe(object, v.record(v.string(), value));
}

/** A number; null stands for one that JSON has no word for. */
export const numberOrNaN = v.pipe(
  v.nullable(v.number()),
  v.transform((value) => value ?? Number.NaN),
);

type Given<T> = T extends readonly (infer E)[]
  ? readonly Given<E>[]
  : T extends object
    ? { readonly [K in keyof T]: Given<T[K]> }
    : T;

/** What `schema` reads as the file has it: for `canonicalJson`. */
export function toFields<T>(schema: Schema<T>, value: Given<T>): Readonly<Record<string, JsonValue>> {
  return written(schema, value) as Readonly<Record<string, JsonValue>>;
}

function written(schema: unknown, value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'object' || value === null) return value;
  const { fields, names, item, wrapped } = schema as Partial<RecordOf<Fields>> & { item?: unknown; wrapped?: unknown };
  if (wrapped) return written(wrapped, value);
  if (Array.isArray(value)) return value.map((entry) => written(item ?? {}, entry));
  const members = value as Record<string, unknown>;
  if (!fields || !names)
    return Object.fromEntries(Object.entries(members).map(([key, member]) => [key, written({}, member)]));
  return Object.fromEntries(names.map(([key, name]) => [name, written(fields[key], members[key])]));
}

/** What belongs in a place, in words, where something else is. */
const WORDS: Readonly<Record<string, string>> = {
  object: 'an object',
  loose_object: 'an object',
  array: 'a list',
  tuple: 'a list',
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
};

/** What was found, as its file has it, shortened. */
export function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 60);
}

const NEWER = 'Open it with the version of Lockstep that made it (see environment.json).';
const DAMAGED = 'Get the bundle again from where it was made.';

/**
 * A value out of a JSON file inside a bundle.
 * @param name of the archive, for messages
 * @param schema its own messages go on after the name of the file: "compares no precisions"; of a word that is none of a list, that of
 *   another version
 * @throws FileError that says where in the file what is, and what belongs there
 */
export function readJson<T>(name: string, file: string, schema: Schema<T>, value: unknown): T {
  const { success, output, issues } = v.safeParse(schema, value, { abortEarly: true });
  if (success) return output;
  const [issue] = issues;
  const place = issue.path?.map(({ key }) => key).join('.');
  const wanted = WORDS[issue.type] ?? (issue.type === 'custom' ? issue.message : undefined);
  if (!wanted) throw new FileError(name, `${file} ${issue.message}`, issue.type === 'picklist' ? NEWER : DAMAGED);
  const missing = issue.path?.at(-1)?.origin === 'key';
  const belongs = missing ? `${place} belongs` : `${wanted} belongs${place ? ` (${place})` : ''}`;
  throw new FileError(name, `${file} has ${shown(issue.input)} where ${belongs}`, DAMAGED);
}
