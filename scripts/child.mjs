/** Child processes that never outlive their parent or their time limit. */
import { spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { root } from './locate.mjs';

/** Time between the polite request to end and the order. */
const graceMs = 5_000;

/** Ends a process and all it started. @param {import('node:child_process').ChildProcess} child @param {NodeJS.Signals} signal */
function signalGroup(child, signal) {
  try {
    if (process.platform === 'win32' || child.pid === undefined) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // The group has ended already.
  }
}

/**
 * Runs a script with this Node in the repository's root, its output on ours. The child has a process group of its own, so that a
 * time limit or Ctrl-C also ends the browsers and servers which it started.
 * @param {string[]} arguments_ script (relative to the root) and its arguments
 * @param {{ env?: Record<string, string>, limitMs?: number }} [options]
 * @returns {Promise<{ code: number, timedOut: boolean }>}
 */
export async function runNode(arguments_, { env = {}, limitMs } = {}) {
  const child = spawn(process.execPath, arguments_, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: process.platform !== 'win32',
  });
  let timedOut = false;
  let ended = false;
  const end = async () => {
    signalGroup(child, 'SIGTERM');
    await wait(graceMs, undefined, { ref: false });
    if (!ended) signalGroup(child, 'SIGKILL');
  };
  const timer =
    limitMs === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          void end();
        }, limitMs);
  const interrupted = () => void end().finally(() => process.exit(130));
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
  try {
    const code = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (status) => resolve(status ?? 1));
    });
    return { code, timedOut };
  } finally {
    ended = true;
    clearTimeout(timer);
    process.removeListener('SIGINT', interrupted);
    process.removeListener('SIGTERM', interrupted);
    // What the child left behind in its group (a browser after a crash) goes with it.
    signalGroup(child, 'SIGKILL');
  }
}
