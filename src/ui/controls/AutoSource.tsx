import { MEMORY_CLASS_LABELS } from '../../batch/memory-class.ts';
import { ageInWords } from '../../engine/tuner/age.ts';
import type { PlanReply } from '../../worker/engine-api.ts';
import type { Experiment } from '../../workloads/workload.ts';
import { grouped } from '../format.ts';
import { showTab } from '../state/actions.ts';
import { useStore } from '../state/store.ts';
import classes from './Controls.module.css';

/** Where the batch size comes from, and the way to all the others. */
export function AutoSource({ names }: { readonly names: Experiment['itemName'] }) {
  const plan = useStore((store) => store.plan);
  return (
    <p className={classes.source}>
      <span data-testid="batch-source">{plan ? sourceOf(plan, names) : ' '}</span>{' '}
      <button type="button" className={classes.link} onClick={() => showTab('batch')}>
        Batch sizes
      </button>
    </p>
  );
}

function sourceOf(
  { chunk, items, chunkSource, largestChunk, caps, memoryClass, tuning }: PlanReply,
  { one, many }: Experiment['itemName'],
): string {
  if (chunkSource === 'given') return 'Chosen by you.';
  const cap = caps.each.find(({ name }) => name === caps.binding);
  if (chunk < items && chunk === largestChunk && cap) return `Auto: as many as the ${cap.label} allows.`;
  if (items === 1) return `Auto: the one ${one} that there is.`;
  if (chunk === items) return `Auto: all ${grouped(items)} ${many} at once.`;
  if (chunkSource === 'tuned')
    return `Auto: tuned on this adapter ${tuning ? ageInWords(tuning.date, Date.now()) : ''}.`;
  return `Auto: the table’s value for “${MEMORY_CLASS_LABELS[memoryClass]}”.`;
}
