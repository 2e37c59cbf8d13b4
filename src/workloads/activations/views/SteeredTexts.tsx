import { memo, useState } from 'react';
import { grouped } from '../../../ui/format.ts';
import { More } from '../../../ui/shared/More.tsx';
import type { SteeredSet, SteeredText, SteerReply } from '../jobs/steer-types.ts';
import classes from './Steer.module.css';
import { marked } from './stems.ts';
import { readable } from './words.ts';

interface SteeredTextsProps {
  readonly reply: SteerReply;
  readonly plain: SteeredSet;
  readonly steered: SteeredSet | undefined;
}

/** Stories that are shown before somebody asks for all. */
const FIRST = 6;

/** Every beginning, how the model goes on from it, and how it goes on when it is pushed. */
export function SteeredTexts({ reply: { prompts, stems }, plain, steered }: SteeredTextsProps) {
  const [all, setAll] = useState(false);
  const more = prompts.length - FIRST;
  return (
    <>
      <p className={classes.key}>
        <mark data-side="positive">words of the trait</mark> <mark data-side="negative">words of its opposite</mark>
      </p>
      <ol className={classes.pairs} data-testid="steer-texts">
        {(all ? prompts : prompts.slice(0, FIRST)).map((pieces, prompt) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: beginnings never change places
          <li key={prompt}>
            <Story what="as it is" prompt={pieces} text={textOf(plain, prompt)} stems={stems} />
            <Story what="steered" prompt={pieces} text={steered && textOf(steered, prompt)} stems={stems} />
          </li>
        ))}
      </ol>
      {more > 0 && (
        <More shown={all} onToggle={() => setAll(!all)}>
          {grouped(more)} more stories
        </More>
      )}
    </>
  );
}

const textOf = ({ texts }: SteeredSet, prompt: number) => texts.find((text) => text.prompt === prompt);

interface StoryProps {
  readonly what: string;
  readonly prompt: readonly string[];
  readonly text: SteeredText | undefined;
  readonly stems: SteerReply['stems'];
}

const Story = memo(function Story({ what, prompt, text, stems }: StoryProps) {
  return (
    <div className={classes.story}>
      <span className={classes.what}>{what}</span>
      <p>
        <span className={classes.given}>{readable(prompt).join('')}</span>
        {text &&
          marked(text.pieces.join(''), stems).map(({ text: part, side }, i) =>
            side ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: a text only grows
              <mark key={i} data-side={side}>
                {part}
              </mark>
            ) : (
              part
            ),
          )}
      </p>
    </div>
  );
});
