import { expect, test } from 'vitest';
import { namesOfBoth } from './names-of-both.ts';

const walks = { itemName: { one: 'walk', many: 'walks' }, workName: 'steps' };
const dives = { itemName: { one: 'dive', many: 'dives' }, workName: 'steps' };

test('two runs of one experiment are called by its names, of two by both', () => {
  expect(namesOfBoth(walks, walks)).toEqual(walks);
  expect(namesOfBoth(walks, dives)).toEqual({
    itemName: { one: 'walk or dive', many: 'walks or dives' },
    workName: 'steps',
  });
});
