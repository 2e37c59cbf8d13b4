import { Button } from '@mantine/core';
import { useEffect, useId, useRef } from 'react';
import type { NetworkQuestion } from '../state/types.ts';
import classes from './ReplaceDialog.module.css';

/** Asks before results that were brought back are repeated with another network than theirs. Escape runs nothing. */
export default function NetworkDialog({ question }: { readonly question: NetworkQuestion }) {
  const { lacked, instead, answer } = question;
  const id = useId();
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => box.current?.showModal(), []);
  return (
    <dialog
      ref={box}
      className={classes.dialog}
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      data-testid="network-dialog"
      onCancel={(event) => {
        event.preventDefault();
        answer(false);
      }}
    >
      <h2 id={`${id}-title`} className={classes.title}>
        Run with another network?
      </h2>
      <p id={`${id}-text`} className={classes.text}>
        The results on this page came from {lacked.name} ({lacked.sha256}), which is not loaded. To repeat the run, load
        that file first. A run with {instead} gives other results.
      </p>
      <div className={classes.actions}>
        <Button variant="default" autoFocus onClick={() => answer(false)} data-testid="network-cancel">
          Do not run
        </Button>
        <Button onClick={() => answer(true)} data-testid="network-confirm">
          Run with {instead}
        </Button>
      </div>
    </dialog>
  );
}
