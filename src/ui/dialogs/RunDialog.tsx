import { Button } from '@mantine/core';
import { FactList } from '../shared/FactList.tsx';
import type { RunQuestion } from '../state/types.ts';
import { AskDialog } from './AskDialog.tsx';

/** Asks before a run whose data or cost nobody has confirmed. Escape runs nothing. */
export default function RunDialog({ question }: { readonly question: RunQuestion }) {
  const { title, testId, lines, yes, answer } = question;
  return (
    <AskDialog title={title} testId={testId} onCancel={() => answer(false)} text={<FactList facts={lines} />}>
      <Button variant="default" autoFocus onClick={() => answer(false)} data-testid={`${testId}-cancel`}>
        Do not run
      </Button>
      <Button onClick={() => answer(true)} data-testid={`${testId}-confirm`}>
        {yes}
      </Button>
    </AskDialog>
  );
}
