import { useMemo } from 'react';
import type { PlannedBuffer } from '../../gpu/plan.ts';
import { exactBytes, grouped, plain, shortBytes } from '../format.ts';
import { type Column, DataTable } from '../shared/DataTable.tsx';
import { Empty, Panel } from '../shared/Panel.tsx';
import { useStore } from '../state/store.ts';
import classes from './MemoryTab.module.css';

/** Every GPU buffer of the configuration on screen, largest first, known before any is taken. */
export default function MemoryTab() {
  const plan = useStore((store) => store.plan);
  const mode = useStore((store) => store.device?.mode);
  const memory = useStore((store) => store.progress?.memory);
  const rows = useMemo(() => [...(plan?.plan.buffers ?? [])].sort((a, b) => b.bytes - a.bytes), [plan]);
  if (!plan)
    return (
      <Empty>
        As soon as the adapter is open, every buffer of the configuration is listed here with its exact size.
      </Empty>
    );
  const columns: readonly Column<PlannedBuffer>[] = [
    { key: 'name', title: 'Buffer', cell: (row) => row.name },
    {
      key: 'role',
      title: 'Role',
      about:
        'What the buffer is for: kernels read and write storage, read uniforms; readback carries results to the CPU.',
      cell: (row) => row.role,
    },
    { key: 'bytes', title: 'Bytes', numeric: true, cell: (row) => grouped(row.bytes) },
    { key: 'size', title: 'Size', numeric: true, cell: (row) => shortBytes(row.bytes) },
    {
      key: 'share',
      title: 'Share',
      about: 'Part of the total.',
      cell: (row) => (
        <span className={classes.share}>
          <span className={classes.bar}>
            <span style={{ width: `${(100 * row.bytes) / plan.totalBytes}%` }} />
          </span>
          {plain((100 * row.bytes) / plan.totalBytes, 2)} %
        </span>
      ),
    },
    {
      key: 'item',
      title: 'Bytes an item',
      about: 'What one more item in the chunk adds; 0 for buffers of fixed size.',
      numeric: true,
      cell: (row) => grouped(row.bytesPerItem),
    },
    { key: 'formula', title: 'Formula', cell: (row) => <span className={classes.formula}>{row.formula}</span> },
  ];
  return (
    <div className={classes.stack}>
      <dl className={classes.facts}>
        <Fact term={`Total for a chunk of ${grouped(plan.chunk)}`}>{exactBytes(plan.totalBytes)}</Fact>
        <Fact term="Memory budget">{shortBytes(plan.caps.budgetBytes)}</Fact>
        <Fact term="Largest buffer">{exactBytes(plan.largestBufferBytes)}</Fact>
        <Fact term="Largest buffer the adapter allows">
          {Number.isFinite(plan.caps.maxBufferBytes) ? shortBytes(plan.caps.maxBufferBytes) : 'no adapter, no limit'}
        </Fact>
        <Fact term="Largest chunk that fits">
          {grouped(plan.largestChunk)} of {grouped(plan.items)}
        </Fact>
        <Fact term="Held now · peak">
          {memory ? `${shortBytes(memory.currentBytes)} · ${shortBytes(memory.peakBytes)}` : 'nothing yet'}
        </Fact>
      </dl>
      <Panel
        title="Buffers"
        about="The plan of the configuration on the left. A run takes exactly these buffers at its start and nothing later; a plan that does not fit is refused before anything is taken."
      >
        {mode === 'cpu-twin' && (
          <p className={classes.note}>
            Without WebGPU nothing of this is taken: it is what the run would hold on a GPU.
          </p>
        )}
        <DataTable
          caption="GPU buffers, largest first"
          columns={columns}
          rows={rows}
          rowKey={(row) => row.name}
          foot={
            <tr>
              <td colSpan={2}>Total</td>
              <td data-numeric>{grouped(plan.totalBytes)}</td>
              <td data-numeric>{shortBytes(plan.totalBytes)}</td>
              <td colSpan={3} />
            </tr>
          }
        />
      </Panel>
    </div>
  );
}

function Fact({ term, children }: { readonly term: string; readonly children: React.ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
