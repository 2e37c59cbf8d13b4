/** What the page shows of the user's texts before anything runs. Plain data. */
import type { GivenText } from './texts.ts';
import type { TextsInput } from './texts-input.ts';

export interface TextsPreview {
  readonly counts: Readonly<Record<GivenText['label'], number>>;
  readonly questions: number;
  /** Texts whose response is given. */
  readonly responses: number;
  readonly definition?: string;
  /** The first of each label. */
  readonly first: readonly Pick<GivenText, 'label' | 'prompt' | 'response' | 'question'>[];
}

/** Texts of each label that are shown. */
const FIRST = 3;
/** Letters of a text that are shown. */
const LETTERS = 240;

const cut = (text: string) => (text.length > LETTERS ? `${text.slice(0, LETTERS)}…` : text);

export function textsPreview({ texts, definition }: Pick<TextsInput, 'texts' | 'definition'>): TextsPreview {
  const of = (label: GivenText['label']) => texts.filter((text) => text.label === label);
  const labels = ['positive', 'negative', 'none'] as const;
  return {
    counts: { positive: of('positive').length, negative: of('negative').length, none: of('none').length },
    questions: new Set(texts.map(({ question }) => question)).size,
    responses: texts.filter(({ response }) => response !== undefined).length,
    ...(definition !== undefined && { definition: cut(definition) }),
    first: labels.flatMap((label) =>
      of(label)
        .slice(0, FIRST)
        .map(({ prompt, response, question }) => ({
          label,
          question,
          prompt: cut(prompt),
          ...(response !== undefined && { response: cut(response) }),
        })),
    ),
  };
}
