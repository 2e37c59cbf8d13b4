import { Button } from '@mantine/core';
import { extendRun } from '../state/actions.ts';
import { addsToRun } from '../state/adds-to-run.ts';
import { useStore } from '../state/store.ts';
import { whyNotRun } from '../state/why-not.ts';

/** Computes what the form lists beyond the finished run on screen. On the page only where the two differ in nothing else. */
export function AddButton() {
  const shown = useStore(addsToRun);
  const why = useStore(whyNotRun);
  const starting = useStore((store) => store.starting);
  if (!shown) return null;
  return (
    <Button
      size="md"
      variant="light"
      onClick={() => void extendRun()}
      disabled={why !== undefined || starting}
      title={why ?? 'Keeps what this run has computed and computes the rest; the result is that of one run of all'}
      data-testid="add-to-run"
    >
      Add to this run
    </Button>
  );
}
