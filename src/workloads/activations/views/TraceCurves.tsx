import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { LinePlot } from '../../../ui/charts/LinePlot.tsx';
import { grouped } from '../../../ui/format.ts';
import { type Column, DataTable } from '../../../ui/shared/DataTable.tsx';
import notes from '../../../ui/shared/note.module.css';
import type { Monitoring, TracedText } from '../jobs/trace-types.ts';
import classes from './Trace.module.css';

const HEIGHT = 220;
/** Lines that are told apart. */
const MOST_LINES = 6;

const CURVES = {
  projection: { label: 'projection', words: 'how far along the vector' },
  velocity: { label: 'velocity Δs', words: 'what each token adds to it' },
  acceleration: { label: 'acceleration Δ²s', words: 'how that changes' },
} as const;
type Curve = keyof typeof CURVES;

/** What of |Δ²s| counts as nothing: 0.1, the origin's, or 0.1 of the text's own spread. */
export type Threshold = 'absolute' | 'scaled';

interface TraceCurvesProps {
  readonly texts: readonly TracedText[];
  readonly shown: TracedText;
  readonly layer: number;
  readonly threshold: Threshold;
  readonly onThreshold: (threshold: Threshold) => void;
}

function curveOf(text: TracedText, curve: Curve, layer: number): number[] {
  const count = text.pieces.length;
  if (curve === 'projection') return Array.from(text.projection.subarray(layer * count, (layer + 1) * count));
  // The plot leaves a gap for what is missing.
  return Array.from(text[curve], (value) => (Number.isNaN(value) ? (null as unknown as number) : value));
}

/** Projection, velocity and acceleration of all texts over their tokens. */
export function TraceCurves({ texts, shown, layer, threshold, onThreshold }: TraceCurvesProps) {
  const [curve, setCurve] = useState<Curve>('projection');
  const drawn =
    texts.length <= MOST_LINES ? texts : [shown, ...texts.filter((text) => text !== shown)].slice(0, MOST_LINES);
  const longest = drawn.reduce((most, { pieces }) => Math.max(most, pieces.length), 0);
  const x = Array.from({ length: longest }, (_, i) => i + 1);
  const { label, words } = CURVES[curve];
  return (
    <>
      <figure className={classes.curves}>
        <figcaption className={classes.mapHead}>
          <span>
            {label} at residual {layer}: {words}
          </span>
          <NativeSelect
            size="xs"
            aria-label="Curve"
            value={curve}
            data={Object.entries(CURVES).map(([value, each]) => ({ value, label: each.label }))}
            onChange={(event) => setCurve(event.currentTarget.value as Curve)}
          />
        </figcaption>
        <LinePlot
          label={`${label} of ${drawn.length} texts over their tokens; the table below has when each commits`}
          x={x}
          xLabel="token"
          yLabel={label}
          height={HEIGHT}
          series={drawn.map((text, i) => ({
            label: nameOf(texts, text),
            color: i,
            values: padded(curveOf(text, curve, layer), longest),
          }))}
        />
      </figure>
      <div className={classes.mapHead}>
        <span>When the text commits, and for how long it stays</span>
        <NativeSelect
          size="xs"
          aria-label="Threshold of commitment"
          value={threshold}
          data={[
            { value: 'scaled', label: '|Δ²s| below 0.1 of its own spread' },
            { value: 'absolute', label: '|Δ²s| below 0.1, the origin’s' },
          ]}
          onChange={(event) => onThreshold(event.currentTarget.value as Threshold)}
        />
      </div>
      <DataTable
        caption="Commitment and persistence of every text"
        testId="trace-monitoring"
        columns={COLUMNS}
        rows={texts.map((text) => ({ name: nameOf(texts, text), text, monitoring: text[threshold] }))}
        rowKey={({ name }) => name}
        whole
      />
      {texts.length > drawn.length && (
        <p className={notes.note}>
          {grouped(drawn.length)} of {grouped(texts.length)} texts are drawn.
        </p>
      )}
    </>
  );
}

const padded = (values: readonly number[], length: number) => [
  ...values,
  ...Array.from({ length: length - values.length }, () => null as unknown as number),
];

const nameOf = (texts: readonly TracedText[], text: TracedText) => `text ${texts.indexOf(text) + 1}`;

interface Row {
  readonly name: string;
  readonly text: TracedText;
  readonly monitoring: Monitoring;
}

const tokenWords = ({ pieces }: TracedText, at: number) => `“${pieces[at].trim()}”, token ${at + 1}`;

const COLUMNS: readonly Column<Row>[] = [
  { key: 'name', title: 'Text', cell: ({ name }) => name },
  {
    key: 'peak',
    title: 'Peak',
    about: 'The token that lies furthest along the vector, either way.',
    cell: ({ text, monitoring }) => tokenWords(text, monitoring.peak),
  },
  {
    key: 'commitment',
    title: 'Commitment',
    about: 'The first token at which the projection has all but stopped to bend: |Δ²s| below the threshold.',
    cell: ({ text, monitoring: { commitment } }) => (commitment === undefined ? 'none' : tokenWords(text, commitment)),
  },
  {
    key: 'persistence',
    title: 'Persistence',
    about: 'Tokens behind the peak that stay above half of it.',
    numeric: true,
    cell: ({ monitoring }) => grouped(monitoring.persistence),
  },
];
