/** Damaged files for a reader: each gives a right value or an error that says what to do, soon and with little memory. */
import process from 'node:process';
import { mutated, randomBelow } from './mutate.ts';
import type { Reader } from './readers.ts';

/** Errors that users understand; whatever else is thrown is a fault of the reader. */
const TYPED = ['FileError', 'ConfigError', 'BundleError', 'DamagedError'];

export interface FuzzResult {
  readonly reader: string;
  readonly inputs: number;
  readonly read: number;
  readonly refused: number;
  /** What broke the rule, with what repeats it. */
  readonly faults: readonly string[];
  readonly slowestMs: number;
  /** Growth of the process's memory, with whatever else it does. */
  readonly mostMiB: number;
}

/** @param limitMs an input that takes longer is tried once more, for the machine may have been busy with others */
export async function fuzz(reader: Reader, count: number, seed: number, limitMs: number): Promise<FuzzResult> {
  const files = await reader.files();
  for (const [at, file] of files.entries()) await reader.read(file, at);
  const faults: string[] = [];
  let [read, slowestMs, most] = [0, 0, 0];
  const before = process.memoryUsage().rss;
  for (let i = 0; i < count; i++) {
    const below = randomBelow(seed * 1_000_003 + i);
    const input = mutated(files[i % files.length], files, below);
    let outcome = await attempt(reader, input, i % files.length);
    if (outcome.ms > limitMs) outcome = await attempt(reader, input, i % files.length);
    slowestMs = Math.max(slowestMs, outcome.ms);
    if (outcome.ms > limitMs) faults.push(`seed ${seed}, input ${i} took ${Math.round(outcome.ms)} ms`);
    if (outcome.fault) faults.push(`seed ${seed}, input ${i}: ${outcome.fault}`);
    if (outcome.read) read++;
    if (i % 16 === 0) most = Math.max(most, process.memoryUsage().rss - before);
  }
  const refused = count - read - faults.length;
  return { reader: reader.name, inputs: count, read, refused, faults, slowestMs, mostMiB: most / 2 ** 20 };
}

async function attempt(
  reader: Reader,
  input: Uint8Array<ArrayBuffer>,
  at: number,
): Promise<{ ms: number; read?: true; fault?: string }> {
  const from = performance.now();
  try {
    // A reader that writes into its input would harm whoever reads it next.
    await reader.read(input, at);
    return { ms: performance.now() - from, read: true };
  } catch (error) {
    const ms = performance.now() - from;
    const { name, message, stack } = error as Error;
    if (TYPED.includes(name) && message.length < 2000) return { ms };
    return { ms, fault: `${name}: ${String(message).slice(0, 200)} ${stack?.split('\n').slice(1, 4).join(' ')}` };
  }
}
