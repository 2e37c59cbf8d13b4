import { expect, test } from 'vitest';
import { wordsOf } from '../batch/words.ts';
import { listedSizes } from '../workloads/sizes-of.ts';
import { sizeLines } from './size-lines.ts';

const lineOf = (lines: readonly string[], key: string) =>
  lines.findIndex((line) => line.trim().replace('└ ', '').startsWith(`${key} `));

test('every size of the table stands once, in its group, with the class’s value', () => {
  const lines = sizeLines('16GB');
  for (const { key, group } of listedSizes()) {
    const at = lineOf(lines, key);
    expect(at, key).toBeGreaterThan(0);
    expect(
      lines.slice(0, at).findLast((line) => /^\w+$/.test(line)),
      key,
    ).toBe(group);
  }
  expect(lines[lineOf(lines, 'shear.chunk')]).toMatch(/ 256 {2,}1 to /);
  expect(lines.join('\n'), 'nothing differs from the class').not.toContain('*');
  const changed = sizeLines('16GB', { 'shear.peekSlots': 3 });
  expect(changed[lineOf(changed, 'shear.peekSlots')]).toMatch(/ 3 \* /);
  expect(changed.filter((line) => line.includes(' * '))).toHaveLength(2);
  expect(sizeLines('80GB')[lineOf(sizeLines('80GB'), 'shear.chunk')]).toMatch(/ 2,048 {2,}1 to /);
  expect(lines[lineOf(lines, 'bundle.inflateBytes')]).toContain('└');
});

test.each([60, 80, 200])('texts are wrapped at %i columns, words whole', (columns) => {
  const lines = sizeLines('8GB', {}, columns);
  const texts = lines.filter((line) => /^ {4}/.test(line));
  expect(texts.length).toBeGreaterThan(listedSizes().length);
  for (const line of texts) expect(line.length).toBeLessThanOrEqual(Math.min(columns, 110));
  const all = texts.join(' ').replace(/\s+/g, ' ');
  for (const { changes, memory } of listedSizes().map(wordsOf)) {
    expect(all).toContain(changes);
    expect(all).toContain(memory);
  }
});
