import { expect, test } from 'vitest';
import { marked } from './stems.ts';

const stems = { positive: ['happ', 'smil'], negative: ['sad', 'cr'] };

test('words that begin with a stem are marked, whatever their case and ending', () => {
  expect(marked('Happily he smiled, unhappy as sad Tom was.', stems)).toEqual([
    { text: 'Happily', side: 'positive' },
    { text: ' he ' },
    { text: 'smiled', side: 'positive' },
    { text: ', unhappy as ' },
    { text: 'sad', side: 'negative' },
    { text: ' Tom was.' },
  ]);
});

test('parts joined are the text, with nothing to mark, too', () => {
  const text = 'Crème brûlée. He cried!';
  expect(
    marked(text, stems)
      .map((part) => part.text)
      .join(''),
  ).toBe(text);
  expect(marked('', stems)).toEqual([]);
  expect(marked('a b', { positive: [], negative: [] })).toEqual([{ text: 'a b' }]);
});
