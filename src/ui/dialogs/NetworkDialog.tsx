import { Button } from '@mantine/core';
import type { NetworkQuestion } from '../state/types.ts';
import { AskDialog } from './AskDialog.tsx';

/** Asks before results that were brought back are repeated with another network than theirs. Escape runs nothing. */
export default function NetworkDialog({ question }: { readonly question: NetworkQuestion }) {
  const { lacked, instead, answer } = question;
  return (
    <AskDialog
      title="Run with another network?"
      testId="network-dialog"
      onCancel={() => answer(false)}
      text={
        <>
          The results on this page came from {lacked.name} ({lacked.sha256}), which is not loaded. To repeat the run,
          load that file first. A run with {instead} gives other results.
        </>
      }
    >
      <Button variant="default" autoFocus onClick={() => answer(false)} data-testid="network-cancel">
        Do not run
      </Button>
      <Button onClick={() => answer(true)} data-testid="network-confirm">
        Run with {instead}
      </Button>
    </AskDialog>
  );
}
