/** The machine and versions beside every table: absolute figures mean nothing without them. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';

export interface Machine {
  readonly cpu: string;
  readonly threads: number;
  /** Load averages over 1 minute before and after; contention shows here. */
  readonly loadBefore: number;
  readonly commit: string;
  readonly date: string;
}

export function machine(): Machine {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? 'unknown',
    threads: all.length,
    loadBefore: load(),
    commit: commit(),
    date: new Date().toISOString().slice(0, 10),
  };
}

export function load(): number {
  return Number(loadavg()[0].toFixed(2));
}

/** Version of an installed package. */
export function packageVersion(name: string): string {
  const text = readFileSync(join('node_modules', name, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
