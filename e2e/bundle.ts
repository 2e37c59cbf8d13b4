/** The zip that the page exports, laid out on disk as its users unpack it. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';

export interface UnpackedBundle {
  /** Absolute; the caller deletes it. */
  readonly folder: string;
  /** Paths inside the zip. */
  readonly files: readonly string[];
  text(file: string): string;
  sha256(file: string): string;
}

export function unpack(zip: Uint8Array): UnpackedBundle {
  const entries = Object.entries(unzipSync(zip)).filter(([name]) => !name.endsWith('/'));
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-bundle-'));
  for (const [name, bytes] of entries) {
    const path = join(folder, name);
    if (!path.startsWith(folder)) throw new Error(`The bundle holds a path outside itself: ${name}`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
  const bytesOf = new Map(entries);
  const bytes = (file: string) => {
    const found = bytesOf.get(file);
    if (!found) throw new Error(`The bundle has no ${file}. It holds: ${[...bytesOf.keys()].join(', ')}`);
    return found;
  };
  return {
    folder,
    files: [...bytesOf.keys()],
    text: (file) => new TextDecoder().decode(bytes(file)),
    sha256: (file) => createHash('sha256').update(bytes(file)).digest('hex'),
  };
}

/** Columns of summary.csv, in SHINE's order. */
export const summaryColumns =
  'run_id,g1_true,g2_true,g1_mean,g1_median,g1_std,g2_mean,g2_median,g2_std,rhat_g1,rhat_g2,ess_g1,ess_g2,divergences,divergence_frac,passed_convergence,seed';
