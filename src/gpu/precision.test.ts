import { expect, it } from 'vitest';
import { lackingFeature, PRECISIONS } from './precision.ts';

it('asks for shader-f16 where halves are multiplied, and for nothing where they are only stored', () => {
  const lacking = (features: string[]) => PRECISIONS.map((precision) => lackingFeature(precision, { features }));
  expect(lacking(['subgroups'])).toEqual([undefined, undefined, 'shader-f16', undefined, undefined]);
  expect(lacking(['shader-f16'])).toEqual(PRECISIONS.map(() => undefined));
});
