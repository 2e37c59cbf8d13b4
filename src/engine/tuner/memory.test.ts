import { expect, it, test } from 'vitest';
import { decodeResults, encodeResults, forget, recall, remember } from './memory.ts';
import { resultOf } from './test-support/results.ts';

it('keeps results as they were', () => {
  const results = [resultOf(), resultOf({ serial: undefined, key: { ...resultOf().key, items: 41 } })];
  expect(decodeResults(encodeResults(results))).toEqual(JSON.parse(JSON.stringify(results)));
});

const file = (results: unknown) => JSON.stringify({ schema: 'lockstep-tuning-2', results });
const without = (key: string) => ({ ...resultOf(), [key]: undefined });

test.each([
  ['null', 'null'],
  ['no JSON', '{"schema": "lockstep-tun'],
  ['another schema', JSON.stringify({ schema: 'lockstep-tuning-1', results: [resultOf()] })],
  ['results that are no list', file({})],
  ['a result that is null', file([null])],
  ['an empty result', file([{}])],
  ['a key without an adapter', file([{ ...resultOf(), key: { ...resultOf().key, adapter: null } }])],
  ['a recommendation of nothing', file([resultOf({ recommended: 0 })])],
  ['a recommendation in words', file([{ ...resultOf(), recommended: 'many' }])],
  ['no ladder', file([without('ladder')])],
  ['lists nested without end', file([]).replace('[]', `${'['.repeat(100_000)}${']'.repeat(100_000)}`)],
])('a cache with %s counts as empty, and can be added to', (_, text) => {
  const results = decodeResults(text);
  expect(results).toEqual([]);
  expect(recall(results, resultOf().key)).toBeUndefined();
  expect(remember(results, resultOf())).toEqual([resultOf()]);
  expect(forget(results, resultOf().key)).toEqual([]);
});

it('keeps the good results beside a bad one', () => {
  expect(decodeResults(file([null, resultOf(), {}]))).toHaveLength(1);
});
