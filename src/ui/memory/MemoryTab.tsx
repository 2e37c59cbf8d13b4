import { Empty, Panel } from '../shared/Panel.tsx';
import { formExperiment } from '../state/shown.ts';
import { useStore } from '../state/store.ts';
import { BatchMemory } from './BatchMemory.tsx';
import { BufferTable } from './BufferTable.tsx';
import { HeldNow } from './HeldNow.tsx';
import classes from './MemoryTab.module.css';
import { useMemoryTable } from './useMemoryTable.ts';

/** Memory before and during a run: what any batch size would take, what bounds it, and every buffer, planned and held. */
export default function MemoryTab() {
  const plan = useStore((store) => store.plan);
  const twin = useStore((store) => store.device?.mode === 'cpu');
  const names = useStore((store) => formExperiment(store).itemName);
  const table = useMemoryTable();
  if (!plan || !table)
    return (
      <Empty>
        As soon as the adapter is open, every buffer of the configuration is listed here with its exact size.
      </Empty>
    );
  return (
    <div className={classes.stack}>
      <HeldNow />
      <BatchMemory plan={plan} curve={table.curve} names={names} />
      <Panel
        title="Buffers"
        about="The plan of the configuration on the left. The first pass of a run takes exactly these buffers at its start and nothing later; items that are computed again take theirs, which the form on the left counts too. A plan that does not fit is refused before anything is taken."
      >
        {twin && (
          <p className={classes.note}>
            Without WebGPU nothing of this is taken: it is what the run would hold on a GPU.
          </p>
        )}
        <BufferTable plan={plan.plan} />
      </Panel>
    </div>
  );
}
