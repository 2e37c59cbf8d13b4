import { expect, test } from 'vitest';
import type { GivenText, Label } from './texts.ts';
import { textsPreview } from './texts-preview.ts';

const text = (label: Label, i: number, response?: string): GivenText => ({
  id: `${label} ${i}`,
  prompt: `${label} ${'word '.repeat(80)}`,
  label,
  question: `q${i % 2}`,
  ...(response !== undefined && { response }),
});

test('the first of each label stand for all, long ones cut', () => {
  const texts = [
    ...Array.from({ length: 5 }, (_, i) => text('negative', i)),
    ...Array.from({ length: 4 }, (_, i) => text('positive', i, 'said')),
  ];
  const preview = textsPreview({ texts, definition: 'how happy it is' });
  expect(preview).toMatchObject({
    counts: { positive: 4, negative: 5, none: 0 },
    questions: 2,
    responses: 4,
    definition: 'how happy it is',
  });
  expect(preview.first.map(({ label }) => label)).toEqual([...Array(3).fill('positive'), ...Array(3).fill('negative')]);
  expect(preview.first[0].prompt).toHaveLength(241);
  expect(preview.first[0].response).toBe('said');
  expect(preview.first[3]).not.toHaveProperty('response');
});
