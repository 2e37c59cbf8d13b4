import { useMemo } from 'react';
import type { BufferPlan, PlannedBuffer } from '../../gpu/plan.ts';
import { grouped, plain, shortBytes } from '../format.ts';
import { type Column, DataTable } from '../shared/DataTable.tsx';
import classes from './MemoryTab.module.css';
import { useMemoryUse } from './useMemoryUse.ts';

interface Row extends Pick<PlannedBuffer, 'name' | 'role'> {
  /** Absent for what is held beside this plan, e.g. by a rescue in other chunks. */
  readonly planned?: PlannedBuffer;
  readonly heldBytes: number;
}

/** Planned and held, buffer by buffer. What is held is read from the ledger that every buffer is booked in, not from the plan. */
export function BufferTable({ plan }: { readonly plan: BufferPlan }) {
  const { held, currentBytes } = useMemoryUse();
  const rows = useMemo(() => rowsOf(plan, held), [plan, held]);
  const total = plan.buffers.reduce((sum, { bytes }) => sum + bytes, 0);
  const columns: readonly Column<Row>[] = [
    {
      key: 'name',
      title: 'Buffer',
      cell: ({ name, planned }) => (
        <span>
          {name}
          <span className={classes.formula}>{planned?.formula ?? 'not of this plan'}</span>
        </span>
      ),
    },
    {
      key: 'role',
      title: 'Role',
      wideOnly: true,
      about:
        'What the buffer is for: kernels read and write storage, read uniforms; readback carries results to the CPU.',
      cell: (row) => row.role,
    },
    {
      key: 'planned',
      title: 'Planned',
      numeric: true,
      cell: ({ planned }) => (planned ? <Bytes>{planned.bytes}</Bytes> : '–'),
    },
    {
      key: 'held',
      title: 'Held now',
      about: 'What lies on the device at this moment, from the ledger in which every buffer is booked.',
      numeric: true,
      cell: ({ heldBytes }) => <Bytes>{heldBytes}</Bytes>,
    },
    {
      key: 'share',
      title: 'Share',
      wideOnly: true,
      about: 'Part of what is held; of the plan while nothing is.',
      cell: ({ planned, heldBytes }) => (
        <Share part={currentBytes > 0 ? heldBytes / currentBytes : (planned?.bytes ?? 0) / total} />
      ),
    },
    {
      key: 'item',
      title: 'Bytes per item',
      about: 'What one more item in the chunk adds; 0 for buffers of fixed size.',
      numeric: true,
      cell: ({ planned }) => (planned ? grouped(planned.bytesPerItem) : '–'),
    },
  ];
  return (
    <DataTable
      caption="GPU buffers, largest first"
      testId="buffers"
      whole
      columns={columns}
      rows={rows}
      rowKey={(row) => row.name}
      foot={
        <tr>
          <td>Total</td>
          <td data-wide />
          <td data-label="Planned" data-numeric>
            <Bytes>{total}</Bytes>
          </td>
          <td data-label="Held now" data-numeric data-testid="held-total">
            <Bytes>{currentBytes}</Bytes>
          </td>
          <td data-wide />
          <td />
        </tr>
      }
    />
  );
}

/** "12.0 MiB (12,582,912 bytes)" in two lines, of one width while a run takes and frees its buffers. */
function Bytes({ children }: { readonly children: number }) {
  if (children < 1024) return <span className={classes.bytes}>{grouped(children)} bytes</span>;
  return (
    <span className={classes.bytes}>
      {shortBytes(children)} <span className={classes.exact}>({grouped(children)} bytes)</span>
    </span>
  );
}

function Share({ part }: { readonly part: number }) {
  return (
    <span className={classes.share}>
      <span className={classes.bar}>
        <span style={{ width: `${100 * part}%` }} />
      </span>
      {plain(100 * part, 2)} %
    </span>
  );
}

/** Names may repeat in the ledger: what is held under a name is added up. */
function rowsOf(
  plan: BufferPlan,
  held: readonly { readonly name: string; readonly bytes: number; readonly role: PlannedBuffer['role'] }[],
): Row[] {
  const bytes = new Map<string, number>();
  for (const entry of held) bytes.set(entry.name, (bytes.get(entry.name) ?? 0) + entry.bytes);
  const planned = plan.buffers.map((buffer) => ({
    name: buffer.name,
    role: buffer.role,
    planned: buffer,
    heldBytes: bytes.get(buffer.name) ?? 0,
  }));
  const names = new Set(plan.buffers.map(({ name }) => name));
  const others = held
    .filter(({ name }, i) => !names.has(name) && held.findIndex((entry) => entry.name === name) === i)
    .map(({ name, role }) => ({ name, role, heldBytes: bytes.get(name)! }));
  const size = (row: Row) => (held.length > 0 ? row.heldBytes : (row.planned?.bytes ?? 0));
  return [...planned, ...others].sort((a, b) => size(b) - size(a));
}
