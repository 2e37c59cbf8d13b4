/** Values out of somebody's JSON files: of the type that is needed, or a `FileError` that names the file inside the bundle. */
import { FileError } from './file-error.ts';

export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(name: string, file: string, value: unknown): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw wrongType(name, file, 'an object', value);
}

export function listOf(name: string, file: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw wrongType(name, file, 'a list', value);
}

export function textOf(name: string, file: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw wrongType(name, file, 'a text', value);
}

export function numberOf(name: string, file: string, value: unknown): number {
  if (typeof value === 'number') return value;
  throw wrongType(name, file, 'a number', value);
}

/** A list of numbers; null stands for one that JSON has no word for. */
export function numbersOf(name: string, file: string, value: unknown): number[] {
  return listOf(name, file, value).map((entry) => (entry === null ? Number.NaN : numberOf(name, file, entry)));
}

/** The error of a value that is not of the type that belongs there. */
export function wrongType(name: string, file: string, wanted: string, value: unknown): FileError {
  const shown = (JSON.stringify(value) ?? 'nothing').slice(0, 60);
  return new FileError(
    name,
    `${file} has ${shown} where ${wanted} belongs`,
    'Get the bundle again from where it was made.',
  );
}
