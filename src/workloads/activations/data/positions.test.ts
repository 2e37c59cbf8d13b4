import { describe, expect, it } from 'vitest';
import { parsePositions, rangeOf } from './positions.ts';

const one = (text: string) => parsePositions(text)[0];

describe('positions', () => {
  it('are read with their names', () => {
    expect(parsePositions(' response[:5] ,prompt[ -1 ], all[2 : -3]').map(({ words }) => words)).toEqual([
      'response[:5]',
      'prompt[-1]',
      'all[2:-3]',
    ]);
  });

  // What Python's list(range(T))[slice] gives, with a prompt of 4 and a response of 3.
  it.each([
    ['response[:]', [4, 7]],
    ['response[:5]', [4, 7]],
    ['response[:2]', [4, 6]],
    ['response[-2:]', [5, 7]],
    ['response[:-1]', [4, 6]],
    ['response[5:]', [7, 7]],
    ['response[0]', [4, 5]],
    ['response[-1]', [6, 7]],
    ['prompt[-1]', [3, 4]],
    ['prompt[:]', [0, 4]],
    ['prompt[-9:2]', [0, 2]],
    ['prompt[3:1]', [3, 3]],
    ['all[1:-1]', [1, 6]],
    ['all[-3]', [4, 5]],
  ])('%s lies where Python has it', (text, range) => {
    expect(rangeOf(one(text), 4, 3)).toEqual(range);
  });

  it('are known beforehand unless they count from the end of a response', () => {
    const unknown = (text: string) => rangeOf(one(text), 4, undefined);
    expect(unknown('response[:]')).toEqual([4, Number.POSITIVE_INFINITY]);
    expect(unknown('response[1:3]')).toEqual([5, 7]);
    expect(unknown('all[2:]')).toEqual([2, Number.POSITIVE_INFINITY]);
    expect(unknown('prompt[-1]')).toEqual([3, 4]);
    for (const text of ['response[-5:]', 'response[:-1]', 'response[-1]', 'all[-1]', 'all[:-2]'])
      expect(unknown(text), text).toBeUndefined();
  });

  it.each([
    ['', 'nothing is given'],
    ['response', '"response" is no position'],
    ['answer[:5]', '"answer[:5]" begins with no part'],
    ['prompt[]', '"prompt[]" has neither'],
    ['prompt[1:2:3]', 'is no position'],
    ['prompt[-1], prompt[-1]', '"prompt[-1]" is there twice'],
    ['prompt[1 2]', 'has neither'],
  ])('"%s" is refused', (text, message) => {
    expect(() => parsePositions(text)).toThrow(message);
  });
});
