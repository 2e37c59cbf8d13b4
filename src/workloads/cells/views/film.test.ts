import { expect, test } from 'vitest';
import { revealedShare, tokensAfter, withEnd, withLook } from './film.ts';

const MASK = 9;
const lookAt = (items: readonly number[], ...tokens: number[]) => ({
  items,
  genes: 2,
  mask: MASK,
  steps: 4,
  tokens: Uint8Array.from(tokens),
});
const look = (...tokens: number[]) => lookAt([4, 7], ...tokens);

test('a film of looks shows each gene from the look on that found it', () => {
  let film = withLook(undefined, look(MASK, 3, MASK, MASK), 0, 2);
  film = withLook(film, look(MASK, 3, 1, MASK), 2, 2);
  film = withLook(film, look(0, 3, 1, 5), 4, 2);
  expect([...tokensAfter(film, 1)]).toEqual([MASK, 3, MASK, MASK]);
  expect([...tokensAfter(film, 2)]).toEqual([MASK, 3, 1, MASK]);
  expect([...tokensAfter(film, 4)]).toEqual([0, 3, 1, 5]);
});

test('what was known from the beginning is no part of what is revealed', () => {
  let film = withLook(undefined, look(MASK, 3, MASK, MASK), 0, 2);
  film = withLook(film, look(MASK, 3, 1, MASK), 2, 2);
  expect(revealedShare(film, 0)).toBe(0);
  expect(revealedShare(film, 2)).toBeCloseTo(1 / 3, 12);
  expect(revealedShare(film, 4, [0])).toBe(0);
});

test('chunk after chunk has its rows, and those that have not begun are masked', () => {
  let film = withLook(undefined, lookAt([0, 1], 1, 2, 3, 4), 4, 6);
  film = withLook(film, lookAt([2, 3], MASK, 5, MASK, MASK), 1, 6);
  expect([...tokensAfter(film, 4)]).toEqual([1, 2, 3, 4, MASK, 5, ...new Array(6).fill(MASK)]);
  expect(film.rows).toEqual([2, 3]);
  expect(revealedShare(film, 4, film.rows)).toBe(0.25);
});

test('the same cells from the beginning begin a new film', () => {
  const first = withLook(undefined, look(1, 2, 3, 4), 4, 2);
  const again = withLook(first, look(MASK, MASK, MASK, MASK), 0, 2);
  expect([...tokensAfter(again, 4)]).toEqual([MASK, MASK, MASK, MASK]);
});

test('what no look saw was revealed at the end', () => {
  const film = withEnd(withLook(undefined, look(MASK, 3, 1, MASK), 2, 2), 7, Uint8Array.of(1, 6));
  expect([...tokensAfter(film, 3)]).toEqual([MASK, 3, 1, MASK]);
  expect([...tokensAfter(film, 4)]).toEqual([MASK, 3, 1, 6]);
});
