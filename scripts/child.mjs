/** Child processes that never outlive their parent, and that are ended where they hang. */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { handOnWithoutNoise } from './driver-noise.mjs';
import { root } from './locate.mjs';

/** Somebody pressed Ctrl-C, or asked us to end: nothing more is to be started. */
export class Interrupted extends Error {
  /** @override */
  name = 'Interrupted';
}

/** What asks us to end: Ctrl-C, the system, a terminal that was closed. */
const requests = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

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
 * Runs a script with this Node in the repository's root. The child has a process group of its own, so that its end, or Ctrl-C, also ends
 * the browsers and servers which it started.
 * @param {string[]} arguments_ script (relative to the root) and its arguments
 * @param {object} [options]
 * @param {Record<string, string>} [options.env]
 * @param {string} [options.log] file that takes what the child prints; without one it prints where we print, but for drivers' own messages
 * @param {(message: any) => void} [options.onMessage] what the child sends over its channel
 * @param {number} [options.silentLimitMs] a child that sends nothing for so long hangs, and is ended
 * @returns {Promise<{ code: number, hung: boolean }>} rejects with `Interrupted` where we were told to end meanwhile, once the child has
 */
export async function runNode(arguments_, { env = {}, log, onMessage, silentLimitMs } = {}) {
  const output = log === undefined ? 'inherit' : openSync(log, 'a');
  const errors = log === undefined ? 'pipe' : output;
  const child = spawn(process.execPath, arguments_, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', output, errors, ...(onMessage ? /** @type {const} */ (['ipc']) : [])],
    detached: process.platform !== 'win32',
  });
  if (child.stderr) handOnWithoutNoise(child.stderr);
  let hung = false;
  let ended = false;
  const end = async () => {
    // As Ctrl-C would: on it the test tools also end the servers that they started in groups of their own.
    signalGroup(child, 'SIGINT');
    await wait(graceMs, undefined, { ref: false });
    if (!ended) signalGroup(child, 'SIGKILL');
  };
  const timer =
    silentLimitMs === undefined
      ? undefined
      : setTimeout(() => {
          hung = true;
          void end();
        }, silentLimitMs);
  child.on('message', (message) => {
    timer?.refresh();
    onMessage?.(message);
  });
  let asked = false;
  const interrupted = () => {
    asked = true;
    void end();
  };
  for (const signal of requests) process.once(signal, interrupted);
  try {
    const code = await new Promise((resolve, reject) => {
      child.once('error', reject);
      // What it said last may be read after it has ended.
      child.once(child.stderr ? 'close' : 'exit', (status) => resolve(status ?? 1));
    });
    // Messages that were sent before the exit may be read after it.
    if (onMessage && child.connected) await new Promise((resolve) => child.once('disconnect', resolve));
    if (asked) throw new Interrupted('Interrupted.');
    return { code, hung };
  } finally {
    ended = true;
    clearTimeout(timer);
    for (const signal of requests) process.removeListener(signal, interrupted);
    // What the child left behind in its group (a browser after a crash) goes with it.
    signalGroup(child, 'SIGKILL');
    if (typeof output === 'number') closeSync(output);
  }
}
