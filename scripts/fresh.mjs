/** Whether something built is older than what it was built from. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './locate.mjs';

/** Newest modification time (ms) of a file or of a folder's whole tree; a folder's own time tells of deleted files. @param {string} path @returns {number} */
function newest(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path).reduce((time, name) => Math.max(time, newest(join(path, name))), stat.mtimeMs);
}

/**
 * @param {string} target built file, relative to the repository
 * @param {string[]} sources files and folders it is built from, relative to the repository
 */
export function isFresh(target, sources) {
  const path = join(root, target);
  if (!existsSync(path)) return false;
  const built = statSync(path).mtimeMs;
  return sources.every((source) => newest(join(root, source)) <= built);
}
