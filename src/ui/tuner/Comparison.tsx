import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import {
  type ComparisonRow,
  comparisonCsv,
  comparisonMarkdown,
  comparisonRows,
} from '../../engine/tuner/comparison.ts';
import type { TuningResult } from '../../engine/tuner/types.ts';
import { compact, grouped, plain, shortBytes } from '../format.ts';
import { type Column, DataTable } from '../shared/DataTable.tsx';
import { Explain } from '../shared/Explain.tsx';
import { DownloadIcon } from '../shared/icons.tsx';
import { rememberedPrice, rememberPrice } from './price.ts';
import { copyText, saveText } from './save.ts';
import classes from './Tuner.module.css';

const SAID_MS = 2500;

const BASIS: Readonly<Record<ComparisonRow['basis'], string>> = {
  serial: 'one at a time, memory taken for each',
  whole: 'whole chunks, timed',
  estimate: 'timed steps, the rest follows',
  between: 'between its neighbours',
};

/** Serial against batches of 1, 2, 4, …: time, speed-up, memory and cost of the whole run, from measured trials. */
export function Comparison({ result }: { readonly result: TuningResult }) {
  const [text, setText] = useState(rememberedPrice);
  const price = priceOf(text);
  const wrong = price === 'wrong';
  const options = { pricePerHour: wrong ? undefined : price };
  const rows = comparisonRows(result, options);
  const { items } = result.key;
  const many = items === 1 ? result.itemName.one : result.itemName.many;
  const fastest = Math.max(...rows.map(({ itemsPerSecond }) => itemsPerSecond));
  const columns: readonly Column<ComparisonRow>[] = [
    { key: 'batch', title: 'Batch', cell: ({ batch }) => (batch === 'serial' ? batch : grouped(batch)) },
    {
      key: 'time',
      title: `Time for ${grouped(items)}`,
      about: `Seconds for all ${grouped(items)} ${many} at the measured rate; compiling and export left out.`,
      numeric: true,
      cell: ({ seconds }) => duration(seconds),
    },
    { key: 'rate', title: `${result.itemName.many}/s`, numeric: true, cell: (row) => compact(row.itemsPerSecond) },
    {
      key: 'speedup',
      title: 'Speed-up',
      about: 'Times as fast as serial.',
      numeric: true,
      cell: ({ speedup, itemsPerSecond }) => (
        <span className={classes.speedup}>
          <span className={classes.bar} aria-hidden="true">
            <span style={{ width: `${(100 * itemsPerSecond) / fastest}%` }} />
          </span>
          <span className={classes.times}>{speedup === null ? '–' : `${compact(speedup)}×`}</span>
        </span>
      ),
    },
    {
      key: 'memory',
      title: 'GPU memory',
      numeric: true,
      cell: ({ bytes }) => <span title={`${grouped(bytes)} bytes`}>{shortBytes(bytes)}</span>,
    },
    {
      key: 'cost',
      title: 'Cost',
      about: 'Time multiplied by the price per hour, in the currency of the price.',
      numeric: true,
      cell: ({ cost }) => (cost === null ? '–' : plain(cost, 3)),
    },
    {
      key: 'basis',
      title: 'Measured by',
      cell: ({ basis, recommended }) => `${BASIS[basis]}${recommended ? '; recommended' : ''}`,
    },
  ];
  return (
    <div className={classes.comparison}>
      <div className={classes.comparisonHead}>
        <h3 className={classes.heading}>Serial against batched</h3>
        <Explain what="the comparison">
          What batching brings on this adapter: one item after the other, then batches of growing size, for all items of
          the run. Every row is measured alike, from upload to readback, and the choice follows from these very rates.
          What the recommended batch did when it was run for real stands above: a run does more, such as its records.
        </Explain>
        <div className={classes.tools}>
          <div className={classes.price}>
            <label htmlFor="price-per-hour">Price per hour</label>
            <TextInput
              id="price-per-hour"
              size="xs"
              inputMode="decimal"
              autoComplete="off"
              placeholder="e.g. 2.50"
              value={text}
              error={wrong}
              aria-describedby={wrong ? 'price-wrong' : undefined}
              onChange={(event) => {
                setText(event.currentTarget.value);
                if (priceOf(event.currentTarget.value) !== 'wrong') rememberPrice(event.currentTarget.value);
              }}
              data-testid="price"
            />
          </div>
          <Exports name={`tuning-${result.key.workload}`} what="CSV" text={() => comparisonCsv(result, options)} />
          <Exports
            name={`tuning-${result.key.workload}`}
            what="Markdown"
            text={() => comparisonMarkdown(result, options)}
          />
        </div>
      </div>
      {wrong && (
        <p id="price-wrong" className={classes.wrong}>
          Give a price of 0 or more with a point for decimals, or nothing.
        </p>
      )}
      <DataTable
        caption="Serial against batched"
        testId="comparison-table"
        columns={columns}
        rows={rows}
        rowKey={({ batch }) => batch}
        selectedKey={result.recommended}
      />
    </div>
  );
}

const FORMATS = {
  CSV: { ending: 'csv', mediaType: 'text/csv' },
  Markdown: { ending: 'md', mediaType: 'text/markdown' },
} as const;

/** Download and copy of one format. */
function Exports(props: { readonly name: string; readonly what: keyof typeof FORMATS; readonly text: () => string }) {
  const { name, what, text } = props;
  const { ending, mediaType } = FORMATS[what];
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    if (!(await copyText(text()))) return;
    setCopied(true);
    setTimeout(() => setCopied(false), SAID_MS);
  };
  return (
    <Button.Group>
      <Button
        size="xs"
        variant="default"
        leftSection={<DownloadIcon size={14} />}
        onClick={() => saveText(`${name}.${ending}`, mediaType, text())}
        aria-label={`Download the comparison as ${what}`}
        data-testid={`comparison-${ending}`}
      >
        {what}
      </Button>
      <Button size="xs" variant="default" onClick={() => void copy()} aria-label={`Copy the comparison as ${what}`}>
        <span className={classes.copy} aria-live="polite">
          {copied ? 'Copied' : 'Copy'}
        </span>
      </Button>
    </Button.Group>
  );
}

/** "0.42 s", "12.3 s", "4:05 min", "1:02:03 h". */
function duration(seconds: number): string {
  if (seconds < 100) return `${compact(seconds)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return hours > 0 ? `${grouped(hours)}:${two(minutes)}:${two(rest)} h` : `${minutes}:${two(rest)} min`;
}

function priceOf(text: string): number | undefined | 'wrong' {
  if (text.trim() === '') return undefined;
  const price = Number(text);
  return Number.isFinite(price) && price >= 0 ? price : 'wrong';
}
