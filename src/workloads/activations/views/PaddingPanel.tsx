import { grouped } from '../../../ui/format.ts';
import { type Column, DataTable } from '../../../ui/shared/DataTable.tsx';
import { WarnIcon } from '../../../ui/shared/icons.tsx';
import notes from '../../../ui/shared/note.module.css';
import { useStore } from '../../../ui/state/store.ts';
import type { PaddingRow, PaddingTable } from '../jobs/table-types.ts';
import { TableFrame } from './TableFrame.tsx';
import classes from './Tables.module.css';
import { padding, tableKey } from './tables.ts';
import verdicts from './Vectors.module.css';

const TEXTS = 16;
/** Of a text in the table. */
const MOST_LETTERS = 60;

const percent = (share: number) => `${(100 * share).toFixed(0)} %`;

const COLUMNS: readonly Column<PaddingRow>[] = [
  { key: 'tokens', title: 'Tokens', numeric: true, cell: ({ tokens }) => grouped(tokens) },
  {
    key: 'pads',
    title: 'Pads',
    about: 'Up to the longest of the batch.',
    numeric: true,
    cell: ({ pads }) => grouped(pads),
  },
  {
    key: 'moved',
    title: 'Moved by',
    about:
      'How far the mean over all positions, pads too, lies from the text’s own mean, in per cent of that one’s length.',
    numeric: true,
    cell: ({ moved, layer }) => (
      <>
        <span className={classes.bar} style={{ '--share': `${Math.min(100, 100 * moved)}%` } as React.CSSProperties}>
          {percent(moved)}
        </span>
        <span className={notes.below}>residual {layer}</span>
      </>
    ),
  },
  { key: 'cosine', title: 'Cosine', numeric: true, cell: ({ cosine }) => cosine.toFixed(3) },
  {
    key: 'text',
    title: 'Text',
    cell: ({ text }) => (text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)}…` : text),
  },
];

/** Means over pads, as batches of others have them, beside means over the text. */
export default function PaddingPanel() {
  const config = useStore((store) => store.config);
  const state = padding.use();
  const { table } = state;
  return (
    <TableFrame
      id="live.padding"
      title="What padding does"
      about="In a padded batch every text is filled up to the longest one. A mean over all positions then counts pads as if they were text, as the origin’s does. Here no pad is ever computed; this table computes some, to show what they do."
      brief={table ? `${table.rows.length} texts` : 'pads averaged as if they were text'}
      begin="Pad them"
      state={state}
      onBegin={() => void padding.start({ config, texts: TEXTS }, tableKey(config))}
      onStop={padding.stop}
      awaited="Press “Pad them”: some texts are read once as they are and once filled up. It takes moments."
    >
      {table && table.rows.length > 0 ? <Rows table={table} /> : undefined}
    </TableFrame>
  );
}

function Rows({ table: { rows, longest, model } }: { readonly table: PaddingTable }) {
  const padded = rows.filter(({ pads }) => pads > 0);
  const worst = padded.reduce((most, row) => (row.moved > most.moved ? row : most), padded[0] ?? rows[0]);
  const least = padded.reduce((most, row) => (row.moved < most.moved ? row : most), padded[0] ?? rows[0]);
  return (
    <>
      <ul className={verdicts.verdicts} data-testid="padding-verdict">
        <li data-bad>
          <WarnIcon />
          <span>
            Pads move the mean of a text of {grouped(worst.tokens)} tokens by {percent(worst.moved)} of its length; of{' '}
            {grouped(least.tokens)} tokens, by {percent(least.moved)}. So a vector fitted to such means tells short
            texts from long ones.
          </span>
        </li>
      </ul>
      <DataTable
        caption="Texts in a batch padded to its longest"
        testId="padding-table"
        columns={COLUMNS}
        rows={rows}
        rowKey={({ text, tokens }) => `${tokens} ${text}`}
      />
      <p className={notes.note}>
        Padded to {grouped(longest)} tokens, {model}.
      </p>
    </>
  );
}
