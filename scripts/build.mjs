/** Builds of the page (dist/) and of the command line (dist-cli/), made only when their sources are newer. */
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runNode } from './child.mjs';
import { isFresh } from './fresh.mjs';
import { root } from './locate.mjs';

const shared = ['src', 'shaders', 'package.json', 'package-lock.json'];
const vite = 'node_modules/vite/bin/vite.js';

/** Vite runs as a process of its own: it sets NODE_ENV for a whole process, and ours goes on to start other things. */
async function viteBuild(/** @type {string[]} */ ...options) {
  const { code } = await runNode([vite, 'build', '--logLevel', 'warn', ...options]);
  if (code !== 0) throw new Error('The build failed: see the message above. Nothing was started.');
}

/** Builds the page into dist/, whatever is there. */
export const buildPage = () => viteBuild();

/** Builds the page when it is missing or older than its sources. */
export async function ensurePage() {
  if (isFresh('dist/index.html', ['index.html', 'public', 'vite.config.ts', ...shared])) return;
  console.error('Building the page …');
  await buildPage();
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
      await viteBuild('--config', 'vite.cli.config.ts', '--outDir', folder);
      renameSync(join(folder, 'lockstep.mjs'), join(root, built));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return join(root, built);
}
