import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { clock, compact, exactBytes, grouped, scientific, shortBytes } from '../../../ui/format.ts';
import { type Column, DataTable } from '../../../ui/shared/DataTable.tsx';
import { CheckIcon, WarnIcon } from '../../../ui/shared/icons.tsx';
import notes from '../../../ui/shared/note.module.css';
import { useStore } from '../../../ui/state/store.ts';
import type { BatchRow, BatchTable } from '../jobs/table-types.ts';
import { TableFrame } from './TableFrame.tsx';
import { batches, tableKey } from './tables.ts';
import verdicts from './Vectors.module.css';

/** Texts and new tokens of every row: enough to fill the largest batch, few enough for a software adapter. */
const TEXTS = 64;

const PIPELINES = { 'two-stage': 'two stages', combined: 'combined', batched: 'batched' } as const;

const columns = (price: number): readonly Column<BatchRow>[] => [
  { key: 'pipeline', title: 'Pipeline', cell: ({ pipeline }) => PIPELINES[pipeline] },
  { key: 'batch', title: 'Side by side', numeric: true, cell: ({ batch }) => grouped(batch) },
  {
    key: 'delta',
    title: 'Largest |Δ|',
    about:
      'Between a number of this row’s activations and the same one of the first row; below it tokens that differ. It must be 0: what else is in the batch is no concern of a text.',
    numeric: true,
    cell: ({ largestDifference, tokensDiffer }) => (
      <>
        <strong>{largestDifference === 0 ? '0' : scientific(largestDifference, 1)}</strong>
        <span className={notes.below}>{grouped(tokensDiffer)} tokens</span>
      </>
    ),
  },
  {
    key: 'time',
    title: 'Time',
    about: 'Of all texts, opening and compiling left out; below it how many times faster than the first row.',
    numeric: true,
    cell: ({ ms, speedUp }) => (
      <>
        {ms < 10_000 ? `${(ms / 1000).toFixed(2)} s` : clock(ms / 1000)}
        <span className={notes.below}>×{speedUp.toFixed(2)}</span>
      </>
    ),
  },
  {
    key: 'prefill',
    title: 'Reading',
    about: 'Tokens of prompts read per second.',
    numeric: true,
    cell: ({ prefillTokensPerSecond }) => `${compact(prefillTokensPerSecond)}/s`,
  },
  {
    key: 'decode',
    title: 'Writing',
    about: 'Tokens written per second, all texts counted.',
    numeric: true,
    cell: ({ decodeTokensPerSecond }) => `${compact(decodeTokensPerSecond)}/s`,
  },
  {
    key: 'bytes',
    title: 'Memory',
    about:
      'Exact bytes of all buffers; below it what the origin’s rule says: 4 GB and 1 GB for every text side by side.',
    numeric: true,
    cell: ({ bytes, originBytes }) => (
      <>
        <span title={exactBytes(bytes)}>{shortBytes(bytes)}</span>
        <span className={notes.below}>rule: {shortBytes(originBytes)}</span>
      </>
    ),
  },
  {
    key: 'cost',
    title: 'Cost',
    about: 'Of the time, at the price beside the button.',
    numeric: true,
    cell: ({ ms }) => `$${((ms / 3.6e6) * price).toPrecision(2)}`,
  },
];

/** Serial, combined and batched: time, memory, and whether it makes a difference. */
export default function BatchesPanel() {
  const config = useStore((store) => store.config);
  const state = batches.use();
  const [price, setPrice] = useState('2');
  const { table } = state;
  const dollars = Number(price);
  return (
    <TableFrame
      id="live.batches"
      title="Batch table"
      about="The same texts are written one by one in two stages, one by one with activations taken on the way, and side by side, 1 to 64 at once. Each row is held against the first: equal tokens, equal activations, to the last bit."
      brief={table ? `${table.rows.length} rows` : 'one by one against 1 to 64 side by side'}
      begin="Measure"
      state={state}
      onBegin={() =>
        void batches.start(
          { config, texts: TEXTS, maxNewTokens: Math.max(1, Number(config.params.maxNewTokens)) },
          tableKey(config),
        )
      }
      onStop={batches.stop}
      awaited={`Press “Measure”: ${TEXTS} texts for every row. It takes some minutes on a software adapter.`}
      fields={
        <TextInput
          size="xs"
          w={120}
          aria-label="Price of an hour in dollars"
          leftSection="$"
          rightSection="/h"
          inputMode="decimal"
          value={price}
          error={!(dollars >= 0)}
          onChange={(event) => setPrice(event.currentTarget.value)}
        />
      }
    >
      {table && table.rows.length > 0 ? (
        <Rows table={table} price={Number.isNaN(dollars) ? 0 : Math.max(0, dollars)} />
      ) : undefined}
    </TableFrame>
  );
}

function Rows({ table, price }: { readonly table: BatchTable; readonly price: number }) {
  const { rows, texts, maxNewTokens, model, on, software, weightBytes, textBytes } = table;
  const worst = rows.reduce((most, { largestDifference }) => Math.max(most, largestDifference), 0);
  const differ = rows.reduce((sum, { tokensDiffer }) => sum + tokensDiffer, 0);
  const equal = worst === 0 && differ === 0;
  const last = rows[rows.length - 1];
  return (
    <>
      <ul className={verdicts.verdicts} data-testid="batches-verdict">
        <li data-good={equal || undefined} data-bad={!equal || undefined}>
          {equal ? <CheckIcon /> : <WarnIcon />}
          <span>
            {equal
              ? `All ${rows.length} rows have equal tokens and activations, to the last bit`
              : `Rows differ: by ${scientific(worst, 1)} in an activation, in ${grouped(differ)} tokens`}
          </span>
        </li>
      </ul>
      <DataTable
        caption="Pipelines and batches"
        testId="batches-table"
        columns={columns(price)}
        rows={rows}
        rowKey={({ pipeline, batch }) => `${pipeline} ${batch}`}
      />
      <p className={notes.note}>
        {grouped(texts)} texts × {grouped(maxNewTokens)} new tokens, {model}, on {on}.
        {software && ' A software adapter: these timings are not a GPU’s.'}
      </p>
      <p className={notes.note}>
        <strong>What is wrong with the rule.</strong> It counts 1 GB for every text, whatever the model and however long
        the text. Here weights take {exactBytes(weightBytes)} once, and a text its keys, values and sums:{' '}
        {exactBytes(textBytes)}. At {grouped(last.batch)} side by side the rule asks for{' '}
        {grouped(Math.round(last.originBytes / last.bytes))} times what there is, so it keeps batches small that would
        have fit.
      </p>
    </>
  );
}
