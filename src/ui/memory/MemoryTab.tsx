import type { PassMemory } from '../../engine/plan/memory-table.ts';
import { planBytes } from '../../gpu/plan.ts';
import { exactBytes, grouped } from '../format.ts';
import { Empty, FoldingPanel, Panel } from '../shared/Panel.tsx';
import { formExperiment } from '../state/shown.ts';
import { useStore } from '../state/store.ts';
import { BatchMemory } from './BatchMemory.tsx';
import { BufferTable, PlannedTable } from './BufferTable.tsx';
import type { ItemName } from './cap-words.ts';
import { HeldNow } from './HeldNow.tsx';
import classes from './MemoryTab.module.css';
import { StagesPanel } from './StagesPanel.tsx';
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
  const [first, ...later] = table.passes;
  return (
    <div className={classes.stack}>
      <HeldNow />
      <StagesPanel />
      <BatchMemory plan={plan} curve={table.curve} names={names} />
      <Panel
        title={first.name ? `Buffers of ${first.name}` : 'Buffers'}
        about="The plan of the configuration on the left. The first pass of a run takes exactly these buffers at its start and nothing later. Every later pass gives them back and takes its own, which the form on the left counts too. A plan that does not fit is refused before anything is taken."
      >
        {twin && (
          <p className={classes.note}>
            Without WebGPU nothing of this is taken: it is what the run would hold on a GPU.
          </p>
        )}
        <BufferTable plan={plan.plan} />
      </Panel>
      {later.map((pass, at) => (
        <LaterPass key={pass.name} pass={pass} at={at + 1} names={names} />
      ))}
    </div>
  );
}

interface LaterPassProps {
  readonly pass: PassMemory;
  /** Its place among the passes. */
  readonly at: number;
  readonly names: ItemName;
}

/** A pass that comes after the first: it is counted beforehand, and may never be needed. */
function LaterPass({ pass: { name, items, chunk, buffers, tooLarge }, at, names }: LaterPassProps) {
  return (
    <FoldingPanel
      id={`memory.pass-${at}`}
      title={`Buffers of ${name}`}
      brief={
        <span className={classes.brief}>
          {exactBytes(planBytes(buffers))} for {grouped(chunk)} at once of up to {grouped(items)} {names.many}
        </span>
      }
    >
      {tooLarge && <p className={classes.note}>{tooLarge}</p>}
      <PlannedTable plan={buffers} caption={`GPU buffers of ${name}, largest first`} />
    </FoldingPanel>
  );
}
