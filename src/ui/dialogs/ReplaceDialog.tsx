import { Button } from '@mantine/core';
import { grouped } from '../format.ts';
import { exportBundle } from '../state/actions.ts';
import { onlyHere } from '../state/only-here.ts';
import { shownExperiment } from '../state/shown.ts';
import { useStore } from '../state/store.ts';
import type { Question } from '../state/types.ts';
import { AskDialog } from './AskDialog.tsx';

/** Asks before results go that are neither in the history nor exported. Escape keeps them. */
export default function ReplaceDialog({ question }: { readonly question: Question }) {
  const { what, answer } = question;
  const count = useStore((store) => store.summaries.length);
  const names = useStore((store) => shownExperiment(store).itemName);
  const exporting = useStore((store) => store.exporting);
  const exportFirst = async () => {
    await exportBundle();
    // Failed or cancelled: they are still only here.
    if (!onlyHere(useStore.getState())) answer(true);
  };
  return (
    <AskDialog
      title={`Replace ${grouped(count)} finished ${count === 1 ? names.one : names.many}?`}
      testId="replace-dialog"
      onCancel={() => answer(false)}
      text={
        <>
          {what} takes the place of the results on this page. They are neither in the history nor exported: nothing
          could bring them back but the same run again.
        </>
      }
    >
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
    </AskDialog>
  );
}
