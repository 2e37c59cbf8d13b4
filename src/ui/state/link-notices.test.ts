import { expect, test } from 'vitest';
import { fromUrl } from '../../engine/config/url-state.ts';
import { linkNotices } from './link-notices.ts';

const told = (link: string) =>
  linkNotices(fromUrl(link).problems).map(({ tone, message, todo }) => `${tone}: ${message} ${todo}`);

test('each wrong field is told by name, limit and value', () => {
  expect(told('?workload=flov&seed=1e999')).toEqual([
    'warning: From the link, workload was not taken: "flov" is not an experiment. Did you mean "flow"? workload = shear stands in its place; the rest of the link holds.',
    'warning: From the link, seed was not taken: expected a whole number from 0 to 4294967295, got Infinity. seed = 42 stands in its place; the rest of the link holds.',
  ]);
});

test('all that nothing has is one message, and a link that is wrong throughout has few', () => {
  expect(told('?utm_source=mail&fbclid=x&seed=7')).toEqual([
    'info: The link also says what nothing here has: utm_source, fbclid. It was passed over.',
  ]);
  const sizes = Array.from({ length: 900 }, (_, i) => `shear.s${i}:1`).join(',');
  const many = told(`?sizes=${sizes}`);
  expect(many).toHaveLength(6);
  expect(many.at(-1)).toContain('895 further values');
});
