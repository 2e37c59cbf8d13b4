import { type ReactNode, useId, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { Beside } from './Beside.tsx';
import classes from './Explain.module.css';

interface ExplainProps {
  /** What is explained; the button's name becomes "About …". */
  readonly what: string;
  readonly children: ReactNode;
  /** Drawn instead of the question mark, e.g. a table header's text. */
  readonly label?: ReactNode;
}

/** Element of the page that explanations are drawn in: inside a landmark, outside boxes that scroll. */
export const OVERLAYS = 'overlays';

/** How long the pointer may be on its way from the mark to the text before the text closes. */
const LEAVE_MS = 120;

/** A small mark that explains its neighbour on hover, focus and tap; Escape closes it, and the pointer may rest on the text. */
export function Explain({ what, children, label }: ExplainProps) {
  const [open, setOpen] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const mark = useRef<HTMLButtonElement>(null);
  const id = useId();
  const show = () => {
    clearTimeout(timer.current);
    setOpen(true);
  };
  const hide = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setOpen(false), LEAVE_MS);
  };
  return (
    <>
      <button
        ref={mark}
        type="button"
        className={label === undefined ? classes.mark : classes.term}
        aria-label={label === undefined ? `About ${what}` : undefined}
        aria-describedby={open ? id : undefined}
        onMouseEnter={show}
        onMouseLeave={hide}
        onFocus={show}
        onBlur={hide}
        onClick={show}
      >
        {label ?? <span aria-hidden="true">?</span>}
      </button>
      {open &&
        createPortal(
          <Beside
            of={mark}
            side="above"
            align="middle"
            width={280}
            onClose={() => setOpen(false)}
            id={id}
            role="tooltip"
            className={classes.text}
            onMouseEnter={show}
            onMouseLeave={hide}
          >
            {children}
          </Beside>,
          overlays(mark.current),
        )}
    </>
  );
}

/** What is outside of an open dialog cannot be reached. */
function overlays(of: HTMLElement | null): Element {
  return of?.closest('dialog') ?? document.getElementById(OVERLAYS) ?? document.body;
}
