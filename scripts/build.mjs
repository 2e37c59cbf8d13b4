/** Builds of the page (dist/) and of the command line (dist-cli/), made only when their sources are newer. */
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runNode } from './child.mjs';
import { isFresh } from './fresh.mjs';
import { root } from './locate.mjs';

const shared = ['src', 'shaders', 'package.json', 'package-lock.json'];
const vite = 'node_modules/vite/bin/vite.js';

/**
 * Vite runs as a process of its own: it sets NODE_ENV for a whole process, and ours goes on to start other things. What it has to say of a
 * build that succeeds interests nobody who only wants to use what was built.
 * @param {string[]} options @param {string} [log] file that takes what it prints
 */
async function viteBuild(options, log) {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-build-'));
  const output = log ?? join(folder, 'log');
  try {
    const { code } = await runNode([vite, 'build', '--logLevel', 'warn', ...options], { log: output });
    if (code !== 0) throw new Error(`${readFileSync(output, 'utf8')}\nThe build failed. Nothing was started.`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Builds the page into dist/, whatever is there. @param {string} [log] */
export const buildPage = (log) => viteBuild([], log);

/** Builds the page when it is missing or older than its sources. @param {string} [log] */
export async function ensurePage(log) {
  if (isFresh('dist/index.html', ['index.html', 'public', 'vite.config.ts', ...shared])) return;
  console.error('Building the page …');
  await buildPage(log);
}

/**
 * Builds the command line when it is missing or older than its sources, in a folder of its own and then renamed, so that a second
 * command started meanwhile never reads half a file.
 * @returns {Promise<string>} its path
 */
export async function ensureCommandLine() {
  const built = 'dist-cli/lockstep.mjs';
  if (!isFresh(built, ['vite.cli.config.ts', ...shared])) {
    mkdirSync(join(root, 'dist-cli'), { recursive: true });
    const folder = mkdtempSync(join(root, 'dist-cli', 'build-'));
    try {
      await viteBuild(['--config', 'vite.cli.config.ts', '--outDir', folder]);
      renameSync(join(folder, 'lockstep.mjs'), join(root, built));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return join(root, built);
}
