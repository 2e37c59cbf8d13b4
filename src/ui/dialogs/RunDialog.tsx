import { Button } from '@mantine/core';
import { FactList } from '../shared/FactList.tsx';
import type { RunQuestion } from '../state/types.ts';
import { AskDialog } from './AskDialog.tsx';

/** Asks before a run whose data, files or cost nobody has confirmed. Escape runs nothing. */
export default function RunDialog({ question }: { readonly question: RunQuestion }) {
  const { title, about, lines, yes, answer } = question;
  return (
    <AskDialog
      title={title}
      testId={`${about}-dialog`}
      onCancel={() => answer(false)}
      text={<FactList facts={lines} />}
    >
      <Button variant="default" autoFocus onClick={() => answer(false)} data-testid={`${about}-cancel`}>
        Do not run
      </Button>
      <Button onClick={() => answer(true)} data-testid={`${about}-confirm`}>
        {yes}
      </Button>
    </AskDialog>
  );
}
