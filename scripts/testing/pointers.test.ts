/** Comments that point to a file, or to a name in one: both are there. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../locate.mjs';

const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .trim()
  .split('\n')
  // A deleted file stays in git's list until it is committed.
  .filter((path) => existsSync(join(root, path)));
const names = new Set(tracked.map((path) => basename(path)));

const ENDING = '(?:tsx?|wgsl|mjs|md|py)';
/** A path from the root, as `src/nn/half.ts`. */
const PATH = new RegExp(
  `(?<![\\w./-])(?:src|shaders|tests|scripts|e2e|bench|docs|public)/[\\w./-]+\\.${ENDING}\\b`,
  'g',
);
/** A file by its name alone, in backquotes. */
const NAME = new RegExp(`\`([\\w.-]+\\.${ENDING})\``, 'g');
/** "Twin      mlpBackward of src/nn/mlp-twin.ts." and "Twin      src/nn/half.ts (toHalf)." */
const NAMED = /Twin\s+(?:`?(\w+)`? of )?(src\/[\w./-]+\.ts)(?: \(([\w, ]+)\))?/g;

/** What a text points to and is not there. */
function stale(text: string): string[] {
  const paths = [...text.matchAll(PATH)].map(([path]) => path).filter((path) => !existsSync(join(root, path)));
  const bare = [...text.matchAll(NAME)].map(([, name]) => name).filter((name) => !names.has(name));
  const inside = [...text.matchAll(NAMED)].flatMap(([, one, path, list]) => {
    if (!existsSync(join(root, path))) return [];
    const source = readFileSync(join(root, path), 'utf8');
    const wanted = [...(one ? [one] : []), ...(list?.split(/,\s*/).filter((word) => /^\w+$/.test(word)) ?? [])];
    return wanted.filter((word) => !new RegExp(`\\b${word}\\b`).test(source)).map((word) => `${word} of ${path}`);
  });
  return [...paths, ...bare, ...inside];
}

/** Comments only: code may name files that it makes. */
function commentsOf(path: string, text: string): string {
  if (path.endsWith('.md')) return text;
  return (text.match(/\/\*[\s\S]*?\*\/|(?<![:'"`])\/\/[^\n]*/g) ?? []).join('\n');
}

test('every file that a comment or a page of documentation points to exists, and has the names that it is said to have', () => {
  const pages = tracked.filter(
    (path) =>
      /^(?:src|shaders|tests|scripts|e2e|bench)\/.*\.(?:tsx?|wgsl|mjs)$/.test(path) ||
      /^(?:ARCHITECTURE|README)\.md$/.test(path),
  );
  expect(pages.length).toBeGreaterThan(500);
  const found = pages.flatMap((path) =>
    stale(commentsOf(path, readFileSync(join(root, path), 'utf8'))).map((pointer) => `${path}: ${pointer}`),
  );
  expect(found).toEqual([]);
});

test('the search finds what it is meant to find', () => {
  expect(stale('// Twin      src/nn/none.ts.')).toEqual(['src/nn/none.ts']);
  expect(stale('see `nowhere-at-all.ts`')).toEqual(['nowhere-at-all.ts']);
  expect(stale('// Twin      nothingLikeIt of scripts/../src/nn/half.ts')).toEqual([]);
  expect(stale('// Twin      nothingLikeIt of src/nn/half.ts.')).toEqual(['nothingLikeIt of src/nn/half.ts']);
  expect(stale('// Twin      src/nn/half.ts (nothingLikeIt).')).toEqual(['nothingLikeIt of src/nn/half.ts']);
  expect(stale('// Twin      src/nn/half.ts.')).toEqual([]);
});
