import { expect, it } from 'vitest';
import { highlight } from './highlight.ts';

const SOURCE = '@compute @workgroup_size(64)\nfn main() { // entry\n\tlet x: vec4<f32> = 0x1fu + 1.5e-3f;\n}\n';

it('gives back the source unchanged', () => {
  expect(
    highlight(SOURCE)
      .map((line) => line.map(({ text }) => text).join(''))
      .join('\n'),
  ).toBe(SOURCE);
});

it('tells comments, attributes, keywords, types and numbers apart', () => {
  const kinds = new Map(
    highlight(SOURCE)
      .flat()
      .map(({ text, kind }) => [text.trim(), kind]),
  );
  expect(kinds.get('@compute')).toBe('attribute');
  expect(kinds.get('fn')).toBe('keyword');
  expect(kinds.get('// entry')).toBe('comment');
  expect(kinds.get('f32')).toBe('type');
  expect(kinds.get('1.5e-3f')).toBe('number');
});
