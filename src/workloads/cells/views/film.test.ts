import { expect, test } from 'vitest';
import { revealedShare, tokensAfter, withLook } from './film.ts';

const MASK = 9;
const look = (...tokens: number[]) => ({
  items: [4, 7],
  genes: 2,
  mask: MASK,
  steps: 4,
  tokens: Uint8Array.from(tokens),
});

test('a film of looks shows each gene from the look on that found it', () => {
  let film = withLook(undefined, look(MASK, 3, MASK, MASK), 0);
  film = withLook(film, look(MASK, 3, 1, MASK), 2);
  film = withLook(film, look(0, 3, 1, 5), 4);
  expect([...tokensAfter(film, 1)]).toEqual([MASK, 3, MASK, MASK]);
  expect([...tokensAfter(film, 2)]).toEqual([MASK, 3, 1, MASK]);
  expect([...tokensAfter(film, 4)]).toEqual([0, 3, 1, 5]);
});

test('what was known from the beginning is no part of what is revealed', () => {
  let film = withLook(undefined, look(MASK, 3, MASK, MASK), 0);
  film = withLook(film, look(MASK, 3, 1, MASK), 2);
  expect(revealedShare(film, 0)).toBe(0);
  expect(revealedShare(film, 2)).toBeCloseTo(1 / 3, 12);
});

test('other cells, or the same from the beginning, begin a new film', () => {
  const first = withLook(undefined, look(1, 2, 3, 4), 4);
  const again = withLook(first, look(MASK, MASK, MASK, MASK), 0);
  expect([...tokensAfter(again, 4)]).toEqual([MASK, MASK, MASK, MASK]);
  const other = withLook(first, { ...look(1, 2, 3, MASK), items: [5, 8] }, 1);
  expect([...other.revealedAt]).toEqual([1, 1, 1, 2]);
});
