import { Button } from '@mantine/core';
import type { FileQuestion } from '../state/types.ts';
import { AskDialog } from './AskDialog.tsx';

/** Asks before results that were brought back are repeated with another file than theirs. Escape runs nothing. */
export default function FileDialog({ question }: { readonly question: FileQuestion }) {
  const { lacked, instead, answer } = question;
  const { role, noun, name, sha256 } = lacked;
  return (
    <AskDialog
      title={`Run with another ${noun}?`}
      testId={`${role}-dialog`}
      onCancel={() => answer(false)}
      text={
        <>
          The results on this page came from {name} ({sha256}), which is not loaded. To repeat the run, load that file
          first. A run with {instead} gives other results.
        </>
      }
    >
      <Button variant="default" autoFocus onClick={() => answer(false)} data-testid={`${role}-cancel`}>
        Do not run
      </Button>
      <Button onClick={() => answer(true)} data-testid={`${role}-confirm`}>
        Run with {instead}
      </Button>
    </AskDialog>
  );
}
