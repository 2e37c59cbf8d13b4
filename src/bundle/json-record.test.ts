import * as v from 'valibot';
import { expect, test } from 'vitest';
import { FileError } from './file-error.ts';
import { named, numberOrNaN, readJson, record, toFields } from './json-record.ts';

const shape = record(
  { runId: v.string(), worstRatio: numberOrNaN, parts: v.array(record({ n: v.number() }, { n: 'n_total' })) },
  { worstRatio: 'worst' },
);
const schema = record({
  shape,
  truth: named(v.number()),
  kind: v.optional(v.picklist(['a', 'b'], 'is of a kind nobody knows')),
});

test('what is written by the names of the file is read back by those of the program', () => {
  const value = { shape: { runId: 'x', worstRatio: Number.NaN, parts: [{ n: 3 }] }, truth: { g1: 0.5 } };
  const fields = toFields(schema, value);
  expect(fields).toEqual({ shape: { run_id: 'x', worst: null, parts: [{ n_total: 3 }] }, truth: { g1: 0.5 } });
  expect(readJson('a.zip', 'b.json', schema, { ...fields, more: 1 })).toEqual(value);
});

test('what is wrong is told with what is there, what belongs there, and where', () => {
  const good = toFields(schema, { shape: { runId: 'x', worstRatio: 1, parts: [] }, truth: {} });
  const wrong = (change: object) => () => readJson('a.zip', 'b.json', schema, { ...good, ...change });
  expect(wrong({ shape: { run_id: 'x', worst: 1, parts: [{ n_total: 'y' }] } })).toThrow(
    new FileError(
      'a.zip',
      'b.json has "y" where a number belongs (shape.parts.0.n_total)',
      'Get the bundle again from where it was made.',
    ),
  );
  expect(wrong({ shape: [] })).toThrow('b.json has [] where an object belongs (shape).');
  expect(wrong({ shape: { run_id: 'x', parts: [] } })).toThrow('b.json has nothing where shape.worst belongs.');
  expect(wrong({ truth: { g1: null } })).toThrow('b.json has null where a number belongs (truth.g1).');
  expect(wrong({ kind: 'c' })).toThrow('a.zip: b.json is of a kind nobody knows. Open it with the version of Lockstep');
  expect(() => readJson('a.zip', 'b.json', schema, 3)).toThrow('b.json has 3 where an object belongs.');
});
