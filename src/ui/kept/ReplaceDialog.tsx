import { Button } from '@mantine/core';
import { useEffect, useId, useRef } from 'react';
import { grouped } from '../format.ts';
import { exportBundle } from '../state/actions.ts';
import { experiments } from '../state/config.ts';
import { onlyHere } from '../state/only-here.ts';
import { useStore } from '../state/store.ts';
import type { Question } from '../state/types.ts';
import classes from './ReplaceDialog.module.css';

/** Asks before results go that are neither in the history nor exported. Escape keeps them. */
export default function ReplaceDialog({ question }: { readonly question: Question }) {
  const { what, answer } = question;
  const id = useId();
  const box = useRef<HTMLDialogElement>(null);
  const count = useStore((store) => store.summaries.length);
  const names = useStore((store) => experiments.find((one) => one.id === store.ranConfig?.workload)?.itemName);
  const exporting = useStore((store) => store.exporting);
  useEffect(() => box.current?.showModal(), []);
  const exportFirst = async () => {
    await exportBundle();
    // Failed or cancelled: they are still only here.
    if (!onlyHere(useStore.getState())) answer(true);
  };
  return (
    <dialog
      ref={box}
      className={classes.dialog}
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      data-testid="replace-dialog"
      onCancel={(event) => {
        event.preventDefault();
        answer(false);
      }}
    >
      <h2 id={`${id}-title`} className={classes.title}>
        Replace {grouped(count)} finished {(count === 1 ? names?.one : names?.many) ?? 'items'}?
      </h2>
      <p id={`${id}-text`} className={classes.text}>
        {what} takes the place of the results on this page. They are neither in the history nor exported: nothing could
        bring them back but the same run again.
      </p>
      <div className={classes.actions}>
        <Button variant="default" autoFocus onClick={() => answer(false)} data-testid="replace-keep">
          Keep them
        </Button>
        <Button loading={exporting !== undefined} onClick={() => void exportFirst()} data-testid="replace-export">
          Export, then go on
        </Button>
        <Button
          color="red.9"
          disabled={exporting !== undefined}
          onClick={() => answer(true)}
          data-testid="replace-confirm"
        >
          Replace them
        </Button>
      </div>
    </dialog>
  );
}
