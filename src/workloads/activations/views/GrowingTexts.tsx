import { grouped } from '../../../ui/format.ts';
import notes from '../../../ui/shared/note.module.css';
import { Empty, Panel } from '../../../ui/shared/Panel.tsx';
import { peekOfForm } from '../../../ui/state/shown.ts';
import { useStore } from '../../../ui/state/store.ts';
import type { ActivationsPeek, LookedAtText } from '../peek.ts';
import classes from './Stories.module.css';
import { readable } from './words.ts';

/** Texts of the chunk in flight, each on a row of its own, growing in lock-step. */
export function GrowingTexts() {
  const peek = useStore(peekOfForm) as ActivationsPeek | undefined;
  const progress = useStore((store) => store.progress);
  const look = peek?.large;
  const written = look?.texts.reduce((sum, { pieces, prompt }) => sum + pieces.length - prompt, 0) ?? 0;
  return (
    <Panel
      title="Texts in lock-step"
      about="Every text of the chunk grows by one token at a time, all at once. None is padded, and none notices the others: alone it would be written to the last letter as here. A text that is done makes room for the next."
      aside={
        look && (
          <span className={notes.soft}>
            {grouped(written)} tokens on screen
            {progress && `, ${grouped(progress.items.done)} of ${grouped(progress.items.total)} texts finished`}
          </span>
        )
      }
    >
      {look ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable to scroll it by keyboard
        <section className={classes.growing} tabIndex={0} aria-label="Texts under way" data-testid="growing-texts">
          {look.texts.map((text) => (
            <Row key={text.item} text={text} newTokens={look.newTokens} />
          ))}
        </section>
      ) : (
        <Empty>Press Run: the texts appear here as they are written.</Empty>
      )}
    </Panel>
  );
}

const SIDES = { positive: 'positive', negative: 'negative', none: '' } as const;

function Row({ text, newTokens }: { readonly text: LookedAtText; readonly newTokens: number }) {
  const { item, label, pieces, prompt, done } = text;
  const drawn = pieces.length - prompt;
  return (
    <div className={classes.text} data-side={label} data-done={done || undefined}>
      <span className={classes.number}>
        {item + 1}
        <span>{SIDES[label]}</span>
      </span>
      <p>
        <span>
          <span className={classes.given}>{readable(pieces.slice(0, prompt)).join('')}</span>
          {pieces.slice(prompt).join('')}
          {!done && <span className={classes.caret} aria-hidden="true" />}
        </span>
      </p>
      <span className={classes.count}>
        {done ? 'done' : `${drawn} of ${newTokens}`}
        <span
          className={classes.strip}
          style={{ '--share': `${done ? 100 : (100 * drawn) / Math.max(1, newTokens)}%` } as React.CSSProperties}
        />
      </span>
    </div>
  );
}
