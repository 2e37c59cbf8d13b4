import { cloneElement, type ReactElement, type ReactNode, type Ref, useId, useRef, useState } from 'react';
import { Beside } from './Beside.tsx';

interface TargetProps {
  ref?: Ref<HTMLButtonElement>;
  onClick?: () => void;
  'aria-haspopup'?: 'dialog';
  'aria-expanded'?: boolean;
  'aria-controls'?: string;
}

interface InfoPopoverProps {
  readonly label: string;
  readonly width: number;
  readonly className: string;
  /** The button that opens it. */
  readonly target: ReactElement<TargetProps>;
  /** What is in it; given a function, that is called with what closes it for somewhere else to take the focus. */
  readonly children: ReactNode | ((leave: () => void) => ReactNode);
}

/** A button with a box of information. Escape closes it from the button too, where the focus stays. */
export function InfoPopover({ label, width, className, target, children }: InfoPopoverProps) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const leave = () => setOpen(false);
  const close = () => {
    // What would be left without a place gets the button's.
    if (document.getElementById(id)?.contains(document.activeElement)) button.current?.focus();
    setOpen(false);
  };
  return (
    <>
      {cloneElement(target, {
        ref: button,
        onClick: () => setOpen(!open),
        'aria-haspopup': 'dialog',
        'aria-expanded': open,
        'aria-controls': open ? id : undefined,
      })}
      {open && (
        <Beside
          of={button}
          side="below"
          align="end"
          width={width}
          onClose={close}
          id={id}
          className={className}
          role="dialog"
          aria-label={label}
          tabIndex={0}
        >
          {typeof children === 'function' ? children(leave) : children}
        </Beside>
      )}
    </>
  );
}
