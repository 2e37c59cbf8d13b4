/**
 * What a reporter inside a test tool tells `npm test`, over the channel between the two processes. One vocabulary for all tools:
 *
 * | type | fields | when |
 * |---|---|---|
 * | `planned` | `files: { file, tests? }[]` | once, before the first test |
 * | `began` | `file, name` | a test begins |
 * | `ended` | `file, name, state: 'passed' \| 'failed' \| 'not run', ms, errors: string[]` | a test has ended, or cannot run any more |
 * | `fileEnded` | `file, ms, errors: string[]` | all tests of a file have ended; `errors` are of the file itself |
 * | `error` | `text` | something that belongs to no file |
 */
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { root } from '../locate.mjs';

/** @param {object} message */
export function tell(message) {
  process.send?.(message);
}

/** A path as it is shown. @param {string} path */
export const shown = (path) => relative(root, path).replaceAll('\\', '/');

/** An error as text: what was expected, what came, and where in our own files. @param {any} error */
export function textOf({ message = '', diff, stack, snippet }) {
  const frames = String(stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line) && !line.includes('node_modules') && !line.includes('node:'))
    .slice(0, 6);
  const where = frames.map((line) => line.replaceAll(`${root}/`, '').replace('file://', ''));
  return stripVTControlCharacters([message, diff, snippet, ...where].filter(Boolean).join('\n'));
}
