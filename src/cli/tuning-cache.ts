/** What tunings found, in the user's cache folder: $XDG_CACHE_HOME/lockstep/tuning.json, or ~/.cache/lockstep/tuning.json. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import process from 'node:process';
import { decodeResults, encodeResults, type TuningMemory } from '../engine/tuner/memory.ts';
import type { TuningResult } from '../engine/tuner/types.ts';

export class TuningCache implements TuningMemory {
  readonly path: string;

  constructor(environment: Readonly<Record<string, string | undefined>> = process.env) {
    // The XDG specification asks for relative paths to be ignored.
    const given = environment.XDG_CACHE_HOME ?? '';
    this.path = join(isAbsolute(given) ? given : join(homedir(), '.cache'), 'lockstep', 'tuning.json');
  }

  async load(): Promise<readonly TuningResult[]> {
    try {
      return decodeResults(await readFile(this.path, 'utf8'));
    } catch {
      return [];
    }
  }

  /** Through a temporary name: another process that reads meanwhile finds the old file or the new one. */
  async save(results: readonly TuningResult[]): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true });
    const partial = `${this.path}.${process.pid}.partial`;
    await writeFile(partial, encodeResults(results));
    await rename(partial, this.path);
  }
}
