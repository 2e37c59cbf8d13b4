/** Numbers and texts out of the values of flags. */
import { ConfigError } from '../workloads/workload.ts';

/** Values as commander gives them, by the flags' names in camel case: text, lists of text, or true. */
export type FlagValues = Readonly<Record<string, string | readonly string[] | true | undefined>>;

/** The text of a flag; undefined where it was not given. */
export function textOf(values: FlagValues, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

/** The texts of a flag that takes several, or what stands for it. */
export function textsOf(values: FlagValues, name: string, otherwise?: string): readonly string[] {
  const value = values[name];
  if (Array.isArray(value)) return value;
  return otherwise === undefined ? [] : [otherwise];
}

/** @throws ConfigError for what is no number */
export function numberOf(values: FlagValues, name: string): number | undefined {
  const text = textOf(values, name);
  return text === undefined ? undefined : numberFrom(name, text);
}

/** @throws ConfigError for what is no whole number in the range */
export function wholeOf(values: FlagValues, name: string, otherwise: number, from: number, to: number): number {
  return wholeFrom(name, textOf(values, name) ?? String(otherwise), from, to);
}

export function wholeFrom(name: string, text: string, from: number, to: number): number {
  const value = numberFrom(name, text);
  if (Number.isInteger(value) && value >= from && value <= to) return value;
  throw new ConfigError(flagName(name), `expected a whole number from ${from} to ${to}, got "${text}".`);
}

function numberFrom(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new ConfigError(flagName(name), `expected a number, got "${text}".`);
}

/** learningRate → learning-rate. */
const flagName = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
