import { compact, exactBytes, grouped, plain, scientific, shortBytes } from '../../../ui/format.ts';
import { type Column, DataTable } from '../../../ui/shared/DataTable.tsx';
import notes from '../../../ui/shared/note.module.css';
import { useStore } from '../../../ui/state/store.ts';
import type { PrecisionRow, PrecisionTable } from '../jobs/table-types.ts';
import { TableFrame } from './TableFrame.tsx';
import { precisions, tableKey } from './tables.ts';

const small = (value: number) => (value === 0 ? '0' : scientific(value, 1));

const columns = (tokens: number): readonly Column<PrecisionRow>[] => [
  { key: 'storage', title: 'Weights in', cell: ({ storage }) => (storage === 'int8' ? 'int8 by row' : storage) },
  {
    key: 'bytes',
    title: 'Bytes of weights',
    about: 'On the device; sums, norms, the stream and logits are f32 in any case.',
    numeric: true,
    cell: ({ weightBytes }) => <span title={exactBytes(weightBytes)}>{shortBytes(weightBytes)}</span>,
  },
  {
    key: 'speed',
    title: 'Writing',
    about: 'Tokens per second.',
    numeric: true,
    cell: ({ decodeTokensPerSecond }) => `${compact(decodeTokensPerSecond)}/s`,
  },
  {
    key: 'logits',
    title: 'Largest logit change',
    about: 'From f32, over the text that f32 wrote; below it the mean Kullback–Leibler divergence in nats a token.',
    numeric: true,
    cell: ({ largestLogitChange, kl }) => (
      <>
        {plain(largestLogitChange, 2)}
        <span className={notes.below}>KL {small(kl)}</span>
      </>
    ),
  },
  {
    key: 'same',
    title: 'Same greedy text',
    about: 'Tokens up to the first that is another one than with f32.',
    numeric: true,
    cell: ({ sameTokens }) => `${grouped(sameTokens)} of ${grouped(tokens)}`,
  },
  {
    key: 'cosine',
    title: 'Smallest cosine',
    about: 'Of a residual with f32’s, over all tokens and layers: what a vector fitted to it would feel.',
    numeric: true,
    cell: ({ smallestCosine }) => smallestCosine.toFixed(6),
  },
];

/** What weights in half as many bytes, or a quarter, do to logits, texts and activations. */
export default function PrecisionPanel() {
  const config = useStore((store) => store.config);
  const state = precisions.use();
  const { table } = state;
  return (
    <TableFrame
      id="live.precision"
      title="What storage costs"
      about="Weights are kept in f32, f16, bf16 and int8 by row, and the same text is read with each. What is computed is f32 in any case, so only the rounding of weights is measured."
      brief={table ? `${table.rows.length} kinds of storage` : 'f32, f16, bf16 and int8 side by side'}
      begin="Compare"
      state={state}
      onBegin={() => void precisions.start({ config }, tableKey(config))}
      onStop={precisions.stop}
      awaited="Press “Compare”: one text with each kind of storage."
    >
      {table && table.rows.length > 0 ? <Rows table={table} /> : undefined}
    </TableFrame>
  );
}

function Rows({ table: { rows, lacking, tokens, model, on } }: { readonly table: PrecisionTable }) {
  return (
    <>
      <DataTable
        caption="Kinds of storage against f32"
        testId="precision-table"
        columns={columns(tokens)}
        rows={rows}
        rowKey={({ storage }) => storage}
        whole
      />
      <p className={notes.note}>
        {grouped(tokens)} tokens, {model}, on {on}.{lacking.map(({ storage, reason }) => ` No ${storage}: ${reason}.`)}
      </p>
    </>
  );
}
