/**
 * `npm run evidence -- FOLDER [noise-free] [noisy-batch] [ranks] [convergence]`: measures the tables of docs/validation.md on the
 * GPU (or its stand-in) and prints them. FOLDER holds GalSim's sets `noisefree`, `profiles`, `level0_batch`. `--runtime deno` runs in Deno.
 *
 * `npm run evidence -- cells FOLDER [schedules] [laws] [mixture] [metrics] [--twin]`: the sampler of cells against independent laws; FOLDER holds
 * `oracle/` and `mixture/`.
 *
 * `npm run evidence -- activations FOLDER`: most memory that runs of large models take; they are made in FOLDER, 1 GB each, and removed.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureCommandLine } from './build.mjs';
import { runNode } from './child.mjs';
import { root } from './locate.mjs';
import { ensureDependencies, ensureNode } from './setup.mjs';

const vite = 'node_modules/vite/bin/vite.js';

/** Takes `--runtime node|deno` out of the arguments. @param {string[]} all */
function splitRuntime(all) {
  const at = all.indexOf('--runtime');
  if (at < 0) return { runtime: 'node', rest: all };
  return { runtime: all[at + 1], rest: all.filter((_, i) => i !== at && i !== at + 1) };
}

async function main() {
  const { runtime, rest } = splitRuntime(process.argv.slice(2));
  const experiment = ['cells', 'activations'].find((id) => id === rest[0]);
  const given = experiment ? rest.slice(1) : rest;
  const folder = given[0];
  if (!folder || !existsSync(folder) || (runtime !== 'node' && runtime !== 'deno'))
    throw new Error(
      'usage: npm run evidence -- [cells|activations] FOLDER [parts …] [--runtime node|deno]; FOLDER holds GalSim’s sets, or the oracles of cells, or what is made.',
    );
  ensureNode();
  ensureDependencies();
  mkdirSync(join(root, 'dist-cli'), { recursive: true });
  const built = mkdtempSync(join(root, 'dist-cli', 'validate-'));
  try {
    const entry = [
      '--config',
      'vite.cli.config.ts',
      '--ssr',
      `scripts/evidence/${experiment ? `${experiment}/` : ''}main.ts`,
      '--outDir',
      built,
    ];
    const build = await runNode([vite, 'build', '--logLevel', 'warn', ...entry]);
    if (build.code !== 0) throw new Error('The build failed: see the message above.');
    const deno = ['node_modules/deno/bin.cjs', 'run', '--quiet', '-A', '--unstable-webgpu'];
    // What is measured there is the command line itself.
    const own = experiment === 'activations' ? [given[0], await ensureCommandLine()] : given;
    const { code } = await runNode([...(runtime === 'deno' ? deno : []), join(built, 'lockstep.mjs'), ...own]);
    process.exitCode = code;
  } finally {
    rmSync(built, { recursive: true, force: true });
  }
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
