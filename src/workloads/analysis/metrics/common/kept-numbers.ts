/** Numbers and vectors of a machine as text, for saved states. */
import type { JsonValue } from '../../../../bundle/json.ts';
import type { Machine } from '../../../../nn/graph/machine.ts';

/** Vectors above this are not kept: making them again is cheaper than a file of their size. 32 MiB in f64. */
const MOST_NUMBERS = 2 ** 22;
/** Bytes that are turned into characters by one call. */
const AT_ONCE = 2 ** 14;

export function textOf(numbers: ArrayLike<number>): string {
  const bytes = new Uint8Array(Float64Array.from(numbers).buffer);
  let text = '';
  for (let at = 0; at < bytes.length; at += AT_ONCE) text += String.fromCharCode(...bytes.subarray(at, at + AT_ONCE));
  return btoa(text);
}

export function numbersOf(text: string): Float64Array<ArrayBuffer> {
  return new Float64Array(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)).buffer);
}

export const keepsVectors = ({ graph }: Machine, names: readonly string[]) => graph.size * names.length <= MOST_NUMBERS;

export async function keepVectors(machine: Machine, names: readonly string[]): Promise<JsonValue> {
  const kept: Record<string, string> = {};
  for (const name of names) kept[name] = textOf(await machine.readVector(name));
  return kept;
}

export async function restoreVectors(machine: Machine, kept: JsonValue): Promise<void> {
  for (const [name, text] of Object.entries(kept as Record<string, string>)) await machine.write(name, numbersOf(text));
}
