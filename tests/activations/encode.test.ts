/** Texts as ids, and what is refused of them. */
import { expect, test } from 'vitest';
import { encodeText } from '../../src/workloads/language-models/encode.ts';
import type { GivenText } from '../../src/workloads/language-models/texts.ts';
import { smallLoaded } from './small-run.ts';

const { model } = smallLoaded('llama', 1);
const given = (prompt: string, more: Partial<GivenText> = {}): GivenText => ({
  id: 'it',
  prompt,
  label: 'none',
  question: 'q',
  ...more,
});
const tokenizer = {
  encode: (text: string, special = true) => [...(special ? [1] : []), ...text.split(' ').map((word) => word.length)],
} as unknown as NonNullable<typeof model.tokenizer>;
const reading = { ...model, tokenizer };

test('a text is read by the tokenizer; its response goes on without what stands before texts', async () => {
  const text = await encodeText(given('the cat', { response: 'sat here', system: 'be kind' }), reading, 'none');
  expect(text).toMatchObject({ ids: [1, 2, 9, 3, 3, 4], prompt: 4 });
});

test('ids stand for a text: in brackets always, as a list where there is no tokenizer', async () => {
  expect((await encodeText(given('[3 4, 5]'), reading, 'none')).ids).toEqual([3, 4, 5]);
  expect((await encodeText(given('3, 4 5'), model, 'none')).ids).toEqual([3, 4, 5]);
  expect((await encodeText(given('3, 4'), reading, 'none')).ids).toEqual([1, 2, 1]);
  expect((await encodeText(given('a text', { ids: [7] }), model, 'none')).ids).toEqual([7]);
});

test.each([
  [given('a text'), model, 'none', /the text "it" is a text, and a small llama has no tokenizer.json/],
  [given('[61]'), model, 'none', /has the id 61, and a small llama knows those from 0 to 60/],
  [given('x', { ids: [] }), model, 'none', /has no tokens/],
  [given('hello'), reading, 'chat', /Chat template \(template\): a small llama has none/],
] as const)('%j is refused by its name', async (text, with_, template, message) => {
  await expect(encodeText(text, with_, template)).rejects.toThrow(message);
});
