import { Popover } from '@mantine/core';
import { type ReactNode, useId, useRef, useState } from 'react';
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
    <Popover
      opened={open}
      onChange={setOpen}
      width={280}
      position="top"
      withArrow
      shadow="md"
      withRoles={false}
      withinPortal
      portalProps={{ target: `#${OVERLAYS}` }}
    >
      <Popover.Target>
        <button
          type="button"
          className={label === undefined ? classes.mark : classes.term}
          aria-label={label === undefined ? `About ${what}` : undefined}
          aria-describedby={open ? id : undefined}
          onMouseEnter={show}
          onMouseLeave={hide}
          onFocus={show}
          onBlur={hide}
          onClick={show}
          onKeyDown={(event) => {
            if (event.key === 'Escape') setOpen(false);
          }}
        >
          {label ?? <span aria-hidden="true">?</span>}
        </button>
      </Popover.Target>
      <Popover.Dropdown id={id} role="tooltip" className={classes.text} onMouseEnter={show} onMouseLeave={hide}>
        {children}
      </Popover.Dropdown>
    </Popover>
  );
}
