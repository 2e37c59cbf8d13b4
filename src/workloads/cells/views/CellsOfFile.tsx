import { useCallback } from 'react';
import { grouped, listed } from '../../../ui/format.ts';
import { Canvas } from '../../../ui/shared/Canvas.tsx';
import { type Tokens, useTokens } from '../../../ui/shared/useTokens.ts';
import type { FileReply } from '../../../worker/file-reply.ts';
import type { DataPreview } from '../files/data-preview.ts';
import classes from './CellsOfFile.module.css';

const HEIGHT = 84;
/** Room below the bars for numbers, px. */
const FOOT = 14;

/** The user's counts before anything runs: how many, which matrix, labels, how deeply cells were read. */
export default function CellsOfFile({ file }: { readonly file: FileReply }) {
  const preview = file.preview as DataPreview;
  const { cells, genes, matrix, done, zeros, largest, totals, variable, columns, control, histogram } = preview;
  const theme = useTokens();
  const draw = useCallback(
    (context: CanvasRenderingContext2D, width: number, height: number) =>
      drawTotals(context, width, height, histogram, theme),
    [histogram, theme],
  );
  const used = columns.filter(({ use }) => use !== undefined);
  const [least, median, most] = totals;
  return (
    <div className={classes.preview}>
      <dl className={classes.facts}>
        <dt>Counts</dt>
        <dd>
          {grouped(cells)} cells × {grouped(genes)} genes in {matrix}
          {done.length > 0 && `; ${done.join('; ')}`}; {(100 * zeros).toFixed(0)} % zeros, largest {grouped(largest)}
        </dd>
        {used.map(({ name, use, distinct, most: top, missing }) => (
          <div key={name}>
            <dt>{use === 'perturbation' ? 'Perturbations' : 'Cell types'}</dt>
            <dd>
              {distinct} in “{name}”: {listed((top ?? []).map(({ label, cells: of }) => `${label} (${grouped(of)})`))}
              {missing > 0 && `; ${grouped(missing)} cells without`}
              {use === 'perturbation' && control !== undefined && `; control ${control}`}
            </dd>
          </div>
        ))}
        {used.length === 0 && (
          <>
            <dt>Labels</dt>
            <dd>None was found: choose columns above, or draw cells without labels.</dd>
          </>
        )}
        <dt>Vary most</dt>
        <dd>{listed(variable.map(({ gene }) => gene))}</dd>
      </dl>
      <figure className={classes.totals}>
        <figcaption>
          Molecules of a cell: {grouped(least)} to {grouped(most)}, median {grouped(median)}
        </figcaption>
        <Canvas
          height={HEIGHT}
          draw={draw}
          label={`Molecules of a cell, a histogram on a logarithmic axis: ${grouped(least)} to ${grouped(most)}, median ${grouped(median)}`}
        />
      </figure>
    </div>
  );
}

/** Bars as wide as each other: edges stand in equal ratios. */
function drawTotals(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  { edges, cells }: DataPreview['histogram'],
  theme: Tokens,
): void {
  const floor = height - FOOT;
  const tallest = Math.max(1, ...cells);
  const bar = width / cells.length;
  context.fillStyle = theme.series[0];
  cells.forEach((count, i) => {
    const tall = (count / tallest) * (floor - 2);
    context.fillRect(i * bar + 0.5, floor - tall, Math.max(1, bar - 1), tall);
  });
  context.strokeStyle = theme.line;
  context.beginPath();
  context.moveTo(0, floor + 0.5);
  context.lineTo(width, floor + 0.5);
  context.stroke();
  context.fillStyle = theme.axis;
  context.font = '10px system-ui, sans-serif';
  context.textBaseline = 'bottom';
  const ends = [0, cells.length >> 1, cells.length];
  ends.forEach((edge, i) => {
    context.textAlign = (['left', 'center', 'right'] as const)[i];
    context.fillText(grouped(Math.round(edges[edge])), edge * bar, height);
  });
}
