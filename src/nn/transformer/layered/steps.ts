/** Which texts go on in the next submit, and by how many positions. */
import type { Segment } from './list.ts';
import type { LayeredSetup } from './setup.ts';
import type { LayeredText } from './text.ts';

/** What is submitted: a list, gone through `steps` times with every position one further each time. */
export interface Submission {
  readonly segments: readonly Segment[];
  readonly steps: number;
  /** Rows of a list that are read ahead, prompts and what is given; else each is a text's newest. */
  readonly ahead: boolean;
}

/** A text and how far it may go. */
export interface Going {
  readonly text: LayeredText;
  readonly until: number;
}

const left = ({ text, until }: Going) => Math.min(text.total, until) - text.submitted;

/** Texts that have something to do. */
export const goingOn = (texts: readonly Going[]) => texts.filter((going) => left(going) > 0);

/** Whether ids that are known lie ahead of a text. */
export const readsAhead = ({ text }: Going) => text.submitted + 1 < text.given;

/**
 * While any text has known ids ahead, one step of mixed rows: a row for each text that draws, the others fill it up; else as many steps of a row
 * each as may be.
 * @param going at least one text
 */
export function nextSubmission(
  setup: LayeredSetup,
  going: readonly Going[],
  most: { readonly rows: number; readonly steps: number },
): Submission {
  const { scored } = setup.options;
  const reading = going.filter(readsAhead);
  const drawing = going.filter((each) => !readsAhead(each));
  if (reading.length === 0) {
    const steps = Math.max(1, Math.min(most.steps, ...drawing.map(left)));
    return { segments: drawing.map(({ text }) => text.segment(1, scored)), steps, ahead: false };
  }
  const room = scored ? Math.min(setup.rows, setup.logitRows) : setup.rows;
  // At least one: there is room for every text.
  let free = Math.min(most.rows, room - drawing.length);
  const segments = drawing.map(({ text }) => text.segment(1, scored));
  for (const each of reading) {
    if (free === 0) break;
    const count = Math.min(free, left(each), each.text.given - each.text.submitted);
    segments.push(each.text.segment(count, scored));
    free -= count;
  }
  return { segments, steps: 1, ahead: true };
}
