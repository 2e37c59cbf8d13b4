import { type KeyboardEvent, useRef } from 'react';
import { plain } from '../../../ui/format.ts';
import type { TracedText } from '../jobs/trace-types.ts';
import classes from './Trace.module.css';
import type { Threshold } from './TraceCurves.tsx';

export type What = 'projection' | 'cosine';

interface StripProps {
  readonly text: TracedText;
  readonly layer: number;
  readonly what: What;
  readonly most: Float64Array;
  readonly marks: readonly Mark[];
  readonly token: number;
  readonly onToken: (token: number) => void;
}

/** The text itself, each token on the colour of its value. */
export function TokenStrip({ text, layer, what, most, marks, token, onToken }: StripProps) {
  const { pieces, prompt } = text;
  const list = useRef<HTMLFieldSetElement>(null);
  const values = text[what];
  const move = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(pieces.length - 1, token + step));
    onToken(next);
    (list.current?.children[next] as HTMLElement | undefined)?.focus();
  };
  return (
    <fieldset
      ref={list}
      className={classes.strip}
      aria-label={`Tokens by their ${what} at residual ${layer}`}
      data-testid="trace-strip"
    >
      {pieces.map((piece, i) => {
        const value = values[layer * pieces.length + i];
        const depth = Math.round(45 * Math.min(1, Math.abs(value) / most[layer]));
        return (
          <button
            // biome-ignore lint/suspicious/noArrayIndexKey: tokens never change places
            key={i}
            type="button"
            tabIndex={i === token ? 0 : -1}
            aria-pressed={i === token}
            aria-label={`${piece.trim() || 'space'}: ${plain(value, 3)}${marks[i] === '' ? '' : `, ${marks[i]}`}`}
            className={classes.token}
            data-side={value >= 0 ? 'positive' : 'negative'}
            data-mark={marks[i] || undefined}
            data-written={i >= prompt || undefined}
            style={{ '--depth': `${depth}%` } as React.CSSProperties}
            onClick={() => onToken(i)}
            onKeyDown={move}
          >
            {piece}
          </button>
        );
      })}
    </fieldset>
  );
}

type Mark = '' | 'peak' | 'commitment' | 'persists';

/** What of the projection's course happens at each token. */
export function marksOf(text: TracedText, layer: number, threshold: Threshold): Mark[] {
  const { peak, commitment } = text[threshold];
  const count = text.pieces.length;
  const size = (token: number) => Math.abs(text.projection[layer * count + token]);
  return text.pieces.map((_, i): Mark => {
    if (i === peak) return 'peak';
    if (i === commitment) return 'commitment';
    return i > peak && size(i) > size(peak) / 2 ? 'persists' : '';
  });
}
