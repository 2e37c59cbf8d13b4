import { type ReactNode, useEffect, useId, useRef } from 'react';
import classes from './AskDialog.module.css';

interface AskDialogProps {
  readonly title: string;
  readonly testId: string;
  /** Why it is asked. */
  readonly text: ReactNode;
  /** The answers, as buttons. */
  readonly children: ReactNode;
  /** Escape. */
  readonly onCancel: () => void;
}

/** A question that must be answered before anything else happens. */
export function AskDialog({ title, testId, text, children, onCancel }: AskDialogProps) {
  const id = useId();
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => box.current?.showModal(), []);
  return (
    <dialog
      ref={box}
      className={classes.dialog}
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      data-testid={testId}
      onCancel={(event) => {
        event.preventDefault();
        onCancel();
      }}
    >
      <h2 id={`${id}-title`} className={classes.title}>
        {title}
      </h2>
      <div id={`${id}-text`} className={classes.text}>
        {text}
      </div>
      <div className={classes.actions}>{children}</div>
    </dialog>
  );
}
