import { expect, test } from 'vitest';
import { draftOf, FAULT_FIELDS, fieldsOf, planInWords, planOf } from './fields.ts';

test('a form becomes a plan in bytes and counts; what is empty or off is not in it', () => {
  const draft = { outOfMemoryAboveBytes: '0.5', loseAfterSubmits: '0', spoiltItem: ' ', storageFull: true };
  expect(planOf(draft)).toEqual({
    plan: { outOfMemoryAboveBytes: 524_288, loseAfterSubmits: 0, storageFull: true },
    wrong: {},
  });
  expect(planOf({ storageFull: false })).toEqual({ plan: {}, wrong: {} });
});

test('text that is no number of its field is named and stays out of the plan', () => {
  const { plan, wrong } = planOf({
    outOfMemoryAboveBytes: '-1',
    slowSubmitMs: '2.5',
    spoiltItem: 'two',
    loseTimes: '2',
    outOfMemoryAtSubmit: '0',
  });
  expect(plan).toEqual({});
  expect(Object.keys(wrong).sort()).toEqual(
    ['loseTimes', 'spoiltItem', 'outOfMemoryAboveBytes', 'outOfMemoryAtSubmit', 'slowSubmitMs'].sort(),
  );
  expect(wrong.loseTimes).toContain('Device lost after');
});

test('every field survives the way from form to plan and back, and is in the words', () => {
  const draft = Object.fromEntries(FAULT_FIELDS.map(({ key, unit }) => [key, unit === undefined ? true : '3']));
  const { plan, wrong } = planOf(draft);
  expect(wrong).toEqual({});
  expect(draftOf(plan)).toEqual(draft);
  expect(planInWords(plan).split('; ')).toHaveLength(FAULT_FIELDS.length);
  expect(planInWords({ outOfMemoryAboveBytes: 1_048_576, storageFull: true })).toBe(
    'out of memory above 1 MiB; storage is full',
  );
});

test('a datum to spoil is offered where an experiment has one, in its words', () => {
  const spoils = { id: 'blankPage', label: 'Page that is blank in item' };
  const own = fieldsOf({ spoils });
  expect(own.map(({ key }) => key)).toEqual(FAULT_FIELDS.map(({ key }) => key));
  expect(own.find(({ key }) => key === 'spoiltItem')).toMatchObject(spoils);
  expect(planInWords({ spoiltItem: 2 }, own)).toBe('page that is blank in item 2');
  const others = fieldsOf({});
  expect(others.map(({ key }) => key)).toEqual(
    FAULT_FIELDS.map(({ key }) => key).filter((key) => key !== 'spoiltItem'),
  );
  expect(planInWords({ spoiltItem: 2 }, others)).toBe('datum that is no number in item 2');
});
