/** The command line as its users start it: `npm run lockstep -- …`, less npm. */
import { spawn } from 'node:child_process';
import { root } from '../../scripts/locate.mjs';

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line to its end, whatever that is; streams are pipes, so it writes plain lines and no progress bar. */
export function lockstep(...options: string[]): Promise<Ended> {
  const child = spawn(process.execPath, ['scripts/lockstep.mjs', ...options], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    text.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    text.stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, ...text }));
  });
}

/** As `lockstep`, for runs that must succeed: fails with what the command printed. */
export async function lockstepOk(...options: string[]): Promise<Ended> {
  const ended = await lockstep(...options);
  if (ended.code !== 0)
    throw new Error(`lockstep ${options.join(' ')} ended with code ${ended.code}\n${ended.stdout}\n${ended.stderr}`);
  return ended;
}
