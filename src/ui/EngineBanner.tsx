import { Button } from '@mantine/core';
import classes from './Banners.module.css';
import { NoticeBox } from './shared/NoticeBox.tsx';
import { guard } from './state/actions.ts';
import { dismissTrouble } from './state/engine-trouble.ts';
import type { EngineTrouble } from './state/types.ts';

/** What befell the engine, and the way on. Not loaded apart: where it is needed nothing else may load any more. */
export function EngineBanner({ trouble: { gone, message, running } }: { readonly trouble: EngineTrouble }) {
  return (
    <NoticeBox tone="error" role="alert" icon testId="engine-trouble" onClose={gone ? undefined : dismissTrouble}>
      <span className={classes.message}>
        {gone ? 'The engine has ended' : 'Something in the engine went wrong'}: {message}.
      </span>
      <span className={classes.rest}>{sentence(gone, running)}</span>
      <Button size="compact-sm" mt={8} onClick={() => void again()} data-testid="start-again">
        Start the engine again
      </Button>
    </NoticeBox>
  );
}

async function again(): Promise<void> {
  await guard(async () => (await import('./state/start-again.ts')).startAgain());
}

function sentence(gone: boolean, running: boolean): string {
  if (!gone) {
    return running
      ? 'The run goes on. Should it stand still, start the engine again: finished chunks are kept, and the run can be resumed from them.'
      : 'It still answers. Should it not, start it again.';
  }
  return running
    ? 'What it had finished stays on the page, and is kept in this browser chunk by chunk. Once the engine is there again, the run can be resumed from its last finished chunk.'
    : 'What the page shows stays.';
}
