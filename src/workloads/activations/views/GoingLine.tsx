import { Progress } from '@mantine/core';
import { clock } from '../../../ui/format.ts';
import notes from '../../../ui/shared/note.module.css';
import type { Going } from './going.ts';

/** Before that much of the work nothing can be said of the rest. */
const EARLY = 0.05;

/** How far something is, and how long it will take. */
export function GoingLine({ going, label, testId }: { going: Going; label: string; testId?: string }) {
  const { what, fraction, since } = going;
  const elapsed = (performance.now() - since) / 1000;
  const left = fraction > EARLY ? (elapsed / fraction) * (1 - fraction) : undefined;
  return (
    <div role="status" className={notes.note} data-testid={testId}>
      <Progress value={100 * fraction} aria-label={label} />
      <p>
        {what} · {clock(elapsed)} so far · {clock(left)} left
      </p>
    </div>
  );
}
