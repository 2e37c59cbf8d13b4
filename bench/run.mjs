/**
 * `npm run bench:<name> -- [--runtime deno] …`: bundles bench/<name>.ts (WGSL comes in as text, as in the page) and runs it in Node or
 * Deno with the remaining arguments.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { handOnWithoutNoise } from '../scripts/driver-noise.mjs';
import { root } from '../scripts/locate.mjs';

const name = process.argv[2] ?? '';
const rest = process.argv.slice(3);
const at = rest.indexOf('--runtime');
const runtime = at < 0 ? 'node' : rest.splice(at, 2)[1];
if (!existsSync(join(root, 'bench', `${name}.ts`)) || !['node', 'deno'].includes(runtime ?? '')) {
  console.error(
    'Usage: node bench/run.mjs gradient|ladder|ceilings|diagnose|flow|flow-shapes|flow-precision|cells|analysis|train|story-training|bundle|all [--runtime node|deno] [arguments]',
  );
  process.exit(1);
}

/** Beside the dependencies, so that what stays outside the bundle is found. */
const outDir = join(root, 'node_modules/.cache/lockstep-bench', name);

/** @param {string[]} command @returns {Promise<number>} */
const run = (command) =>
  new Promise((resolve, reject) => {
    const child = spawn(command[0], command.slice(1), { cwd: root, stdio: ['inherit', 'inherit', 'pipe'] });
    handOnWithoutNoise(child.stderr);
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });

const built = await run([
  process.execPath,
  join(root, 'node_modules/vite/bin/vite.js'),
  'build',
  '--config',
  'bench/vite.run.config.ts',
  '--ssr',
  `bench/${name}.ts`,
  '--outDir',
  outDir,
]);
if (built !== 0) process.exit(built);

const executable = join(root, 'node_modules/deno', process.platform === 'win32' ? 'deno.exe' : 'deno');
const deno = existsSync(executable) ? [executable] : [process.execPath, join(root, 'node_modules/deno/bin.cjs')];
const command = runtime === 'deno' ? [...deno, 'run', '--quiet', '-A', '--unstable-webgpu'] : [process.execPath];
process.exitCode = await run([...command, join(outDir, `${name}.mjs`), ...rest]);
