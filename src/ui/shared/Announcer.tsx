import { VisuallyHidden } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { isTuning, useStore } from '../state/store.ts';
import type { Store } from '../state/types.ts';

/** A screen reader that is told more often never finishes a sentence. */
const QUIET_MS = 5000;

/** Tells screen readers how the run goes, at most every five seconds, and at once when it pauses or ends. */
export function Announcer() {
  const text = useStore(sentence);
  const underWay = useStore((store) => store.status === 'running' || isTuning(store));
  const [spoken, setSpoken] = useState('');
  const spokenAt = useRef(0);
  useEffect(() => {
    const wait = underWay ? Math.max(0, spokenAt.current + QUIET_MS - performance.now()) : 0;
    const timer = setTimeout(() => {
      spokenAt.current = performance.now();
      setSpoken(text);
    }, wait);
    return () => clearTimeout(timer);
  }, [text, underWay]);
  return (
    <VisuallyHidden role="status" aria-live="polite">
      {spoken}
    </VisuallyHidden>
  );
}

function sentence(store: Store): string {
  const { status, progress, failed, tuning } = store;
  if (tuning?.state === 'tuning') return `Tuning. ${tuning.events.at(-1)?.line ?? ''}`;
  if (status === 'idle') return '';
  if (status === 'stopped') return `Stopped. ${progress?.items.done ?? 0} of ${progress?.items.total ?? 0} kept.`;
  if (status === 'failed') return 'The run failed. The message says what was kept.';
  const done = progress
    ? `${progress.items.done} of ${progress.items.total} finished, ${Math.round(progress.fraction * 100)} percent.`
    : '';
  if (status === 'done') return `Run finished. ${done}${failed.length > 0 ? ` ${failed.length} failed.` : ''}`;
  return `${status === 'paused' ? 'Paused' : 'Running'}. ${done}`;
}
