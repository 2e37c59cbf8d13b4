import { type KeyboardEvent, memo, useRef } from 'react';
import { type Colouring, hex, inkOn, rgbOf } from '../../../../ui/charts/colour-scale.ts';
import { tokenText } from '../../../../ui/charts/pen.ts';
import classes from './Pictures.module.css';

interface TokenRowProps {
  /** "Tokens by integrated gradients". */
  readonly label: string;
  readonly tokens: readonly string[];
  /** [tokens] */
  readonly values: ArrayLike<number>;
  readonly colouring: Colouring;
  /** Of the value, for those who cannot see its colour; left out where it is told elsewhere. */
  readonly words?: (token: number) => string;
  /** The one that keys start from. */
  readonly chosen: number;
  readonly onChoose: (token: number) => void;
  /** Called with the token under the pointer. */
  readonly onPoint?: (token: number | undefined) => void;
  /** Framed. */
  readonly target?: number;
  readonly testId?: string;
}

/** Tokens of a text in the colours of their values. Left and right go from one to the next, Home and End to the first and last. */
export function TokenRow(props: TokenRowProps) {
  const { label, tokens, values, colouring, words, chosen, onChoose, onPoint, target, testId } = props;
  const list = useRef<HTMLFieldSetElement>(null);
  const at = Math.max(0, Math.min(chosen, tokens.length - 1));
  const go = (token: number) => {
    onChoose(token);
    (list.current?.children[token] as HTMLElement | undefined)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = nextToken(event.key, at, tokens.length);
    if (next === undefined) return;
    event.preventDefault();
    go(next);
  };
  const tokenOf = (target: EventTarget): number | undefined => {
    const place = (target as HTMLElement).closest<HTMLElement>('[data-token]')?.dataset.token;
    return place === undefined ? undefined : Number(place);
  };
  return (
    <fieldset
      ref={list}
      className={classes.row}
      aria-label={label}
      data-testid={testId}
      onKeyDown={onKeyDown}
      onPointerOver={onPoint && ((event) => onPoint(tokenOf(event.target)))}
      onPointerLeave={onPoint && (() => onPoint(undefined))}
      onClick={(event) => {
        const token = tokenOf(event.target);
        if (token !== undefined) onChoose(token);
      }}
    >
      {tokens.map((token, i) => {
        const rgb = rgbOf(colouring, values[i]);
        return (
          <Token
            // biome-ignore lint/suspicious/noArrayIndexKey: tokens never change places
            key={i}
            place={i}
            text={token}
            background={rgb && hex(rgb)}
            ink={rgb && inkOn(rgb)}
            label={`${tokenText(token)}, position ${i}${words ? `: ${words(i)}` : ''}`}
            pressed={i === at}
            target={i === target}
          />
        );
      })}
    </fieldset>
  );
}

function nextToken(key: string, at: number, count: number): number | undefined {
  if (key === 'ArrowRight') return Math.min(count - 1, at + 1);
  if (key === 'ArrowLeft') return Math.max(0, at - 1);
  if (key === 'Home') return 0;
  return key === 'End' ? count - 1 : undefined;
}

interface TokenProps {
  readonly place: number;
  readonly text: string;
  readonly background?: string;
  readonly ink?: string;
  readonly label: string;
  readonly pressed: boolean;
  readonly target: boolean;
}

/** Drawn again only when its own value or state changes: texts have hundreds of tokens. */
const Token = memo(function Token({ place, text, background, ink, label, pressed, target }: TokenProps) {
  return (
    <button
      type="button"
      data-token={place}
      data-target={target || undefined}
      tabIndex={pressed ? 0 : -1}
      aria-pressed={pressed}
      aria-label={label}
      className={classes.token}
      style={background ? { background, color: ink } : undefined}
    >
      {text.trim() === '' ? tokenText(text) : text.replaceAll('\n', '↵')}
    </button>
  );
});
