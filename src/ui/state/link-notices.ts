/** What of a link was not taken, as messages. */
import type { LinkProblem } from '../../engine/config/url-state.ts';
import { listed } from '../format.ts';
import type { Notice } from './types.ts';

/** Messages of their own; those beyond are counted. */
const MOST = 5;

/** A message for each field that was given a wrong value, and one for all names that nothing has. */
export function linkNotices(problems: readonly LinkProblem[]): Pick<Notice, 'tone' | 'message' | 'todo'>[] {
  const wrong = problems.filter(({ message }) => message !== undefined);
  const unknown = problems.filter(({ message }) => message === undefined).map(({ name }) => name);
  const notices: Pick<Notice, 'tone' | 'message' | 'todo'>[] = wrong
    .slice(0, MOST)
    .map(({ name, message, instead }) => ({
      tone: 'warning',
      message: `From the link, ${name} was not taken: ${message}`,
      todo: `${name} = ${instead} stands in its place; the rest of the link holds.`,
    }));
  const more = wrong.length - notices.length;
  if (more > 0) notices.push({ tone: 'warning', message: `From the link, ${more} further values were not taken.` });
  if (unknown.length > 0)
    notices.push({
      tone: 'info',
      message: `The link also says what nothing here has: ${listed(unknown)}.`,
      todo: 'It was passed over.',
    });
  return notices;
}
