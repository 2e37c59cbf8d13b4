/** Damaged files for a reader: each gives a right value or an error that says what to do, soon and with little memory. */
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { mutated, randomBelow } from './mutate.ts';
import type { Reader } from './reader.ts';

/** Errors that users understand; whatever else is thrown is a fault of the reader. */
const TYPED = ['FileError', 'ConfigError', 'BundleError', 'DamagedError'];

export interface FuzzResult {
  readonly reader: string;
  readonly inputs: number;
  readonly read: number;
  readonly refused: number;
  /** What broke the rule, with what repeats it. */
  readonly faults: readonly string[];
  /** Time in all and of the slowest input. */
  readonly seconds: number;
  readonly slowestMs: number;
  /** The process's largest growth in memory (physical, at any moment where the system keeps that), with whatever else it does. */
  readonly mostMiB: number;
}

/** @param limitMs an input that takes longer is tried once more, for the machine may have been busy with others */
export async function fuzz(reader: Reader, count: number, seed: number, limitMs: number): Promise<FuzzResult> {
  const files = await reader.files();
  for (const [at, file] of files.entries()) await reader.read(file, at);
  const faults: string[] = [];
  let [read, slowestMs] = [0, 0];
  const begun = performance.now();
  const peak = new Peak();
  for (let i = 0; i < count; i++) {
    const below = randomBelow(seed * 1_000_003 + i);
    const input = mutated(files[i % files.length], files, below);
    let outcome = await attempt(reader, input, i % files.length);
    if (outcome.ms > limitMs) outcome = await attempt(reader, input, i % files.length);
    slowestMs = Math.max(slowestMs, outcome.ms);
    if (outcome.ms > limitMs) faults.push(`seed ${seed}, input ${i} took ${Math.round(outcome.ms)} ms`);
    if (outcome.fault) faults.push(`seed ${seed}, input ${i}: ${outcome.fault}`);
    if (outcome.read) read++;
    if (i % 16 === 0) peak.look();
  }
  const refused = count - read - faults.length;
  const seconds = (performance.now() - begun) / 1000;
  return { reader: reader.name, inputs: count, read, refused, faults, seconds, slowestMs, mostMiB: peak.growthMiB() };
}

/** The largest growth of the process's memory since it was made. Linux keeps it; elsewhere it is the largest that was seen. */
class Peak {
  readonly #before = process.memoryUsage().rss;
  #most = 0;

  constructor() {
    try {
      writeFileSync('/proc/self/clear_refs', '5');
    } catch {
      // Not kept here.
    }
  }

  look(): void {
    this.#most = Math.max(this.#most, process.memoryUsage().rss - this.#before);
  }

  growthMiB(): number {
    this.look();
    try {
      const kept = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'));
      this.#most = Math.max(this.#most, Number(kept![1]) * 1024 - this.#before);
    } catch {
      // What was seen counts.
    }
    return this.#most / 2 ** 20;
  }
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
