/**
 * `npm run lockstep -- …`: the command line (src/cli/main.ts), built when its sources are newer, with arguments, standard streams
 * and exit code passed through. `--runtime deno` runs it in Deno instead of Node; every other argument is the command line's own.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureCommandLine } from './build.mjs';
import { COLUMNS_VARIABLE, handOnWithoutNoise } from './driver-noise.mjs';
import { root } from './locate.mjs';
import { ensureDependencies, ensureNode } from './setup.mjs';

/** A wrong command line: exit code 2, as from the command line itself. */
class UsageError extends Error {}

/** Takes `--runtime node|deno` (or `--runtime=…`) out of the arguments. @param {string[]} all */
function splitRuntime(all) {
  const rest = [];
  let runtime = 'node';
  for (let i = 0; i < all.length; i++) {
    if (all[i] === '--runtime') runtime = all[++i] ?? '';
    else if (all[i].startsWith('--runtime=')) runtime = all[i].slice('--runtime='.length);
    else rest.push(all[i]);
  }
  if (runtime !== 'node' && runtime !== 'deno')
    throw new UsageError(`error: --runtime: "${runtime}" is not a runtime. Use node (the default) or deno.`);
  return { runtime, rest };
}

/**
 * Deno of the npm package. Its executable is called directly, so that Ctrl-C and exit codes arrive unchanged; the package's own
 * launcher fetches the executable where npm ran without install scripts.
 */
function denoCommand() {
  const executable = join(root, 'node_modules/deno', process.platform === 'win32' ? 'deno.exe' : 'deno');
  const deno = existsSync(executable) ? [executable] : [process.execPath, join(root, 'node_modules/deno/bin.cjs')];
  return [...deno, 'run', '--quiet', '-A', '--unstable-webgpu'];
}

/** The Vulkan loader and Mesa complain where this folder is not set; Deno cannot set it for itself in time. */
function runtimeFolder() {
  if (process.platform !== 'linux' || process.env.XDG_RUNTIME_DIR) return {};
  const usual = join('/run/user', String(process.getuid?.() ?? 0));
  return { XDG_RUNTIME_DIR: existsSync(usual) ? usual : mkdtempSync(join(tmpdir(), 'lockstep-run-')) };
}

async function main() {
  const { runtime, rest } = splitRuntime(process.argv.slice(2));
  ensureNode();
  ensureDependencies();
  const script = await ensureCommandLine();
  const command = runtime === 'deno' ? denoCommand() : [process.execPath];
  const child = spawn(command[0], [...command.slice(1), script, ...rest], {
    stdio: ['inherit', 'inherit', 'pipe'],
    env: {
      ...process.env,
      ...runtimeFolder(),
      ...(process.stderr.isTTY && { [COLUMNS_VARIABLE]: String(process.stderr.columns) }),
    },
  });
  handOnWithoutNoise(child.stderr);
  // Stay until the child has ended in its own way. From a terminal Ctrl-C reaches it as well, and once more does not hurt it.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
  child.on('close', (code, signal) => {
    process.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0);
  });
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
