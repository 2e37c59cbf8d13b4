import { useCallback, useMemo, useState } from 'react';
import type { PosteriorItem } from '../../../../results/posterior/item.ts';
import { type RankHistogram, rankHistogram } from '../../../../stats/ranks.ts';
import { Legend } from '../../../charts/Swatch.tsx';
import { plain } from '../../../format.ts';
import { Canvas } from '../../../shared/Canvas.tsx';
import { type Column, DataTable } from '../../../shared/DataTable.tsx';
import { IndexSelect } from '../../../shared/IndexSelect.tsx';
import { Empty, FoldingPanel } from '../../../shared/Panel.tsx';
import { type Tokens, useTokens } from '../../../shared/useTokens.ts';
import classes from './RankPlots.module.css';

const BINS = 20;
/** Half-width of the band that 95 % of the bars of independent draws fall into, in their sd. */
const BAND_SIGMAS = 1.96;
const PER_ROW = 2;
const HEIGHT = { whole: 300, label: 16, gap: 10 } as const;

/** Ranks of each chain's draws among the draws of all chains. */
export function RankPlots({ posterior }: { readonly posterior: PosteriorItem }) {
  const { parameters } = posterior;
  const [chosen, setChosen] = useState(0);
  return (
    <FoldingPanel
      id="results.ranks"
      title="Rank plots"
      about="All draws of all chains are ranked together; each chain then shows how its ranks spread (Vehtari and others 2021). Chains that explore the same posterior give flat bars near the dashed line. The band holds 95 % of the bars if draws were independent; correlated draws leave it more often. A slope means that a chain sits apart, a hump or a trough that it is too narrow or too wide."
      aside={
        <IndexSelect
          label="Parameter of the rank plots"
          names={parameters.map(({ name }) => name)}
          value={chosen}
          onChange={setChosen}
        />
      }
    >
      <Histograms posterior={posterior} chosen={chosen} />
    </FoldingPanel>
  );
}

function Histograms({ posterior, chosen }: { readonly posterior: PosteriorItem; readonly chosen: number }) {
  const { parameters, chains, draws } = posterior;
  const column = parameters[Math.min(chosen, parameters.length - 1)];
  const tokens = useTokens();
  const histogram = useMemo(() => rankHistogram(column.values, chains, draws, BINS), [column, chains, draws]);
  const draw = useCallback(
    (context: CanvasRenderingContext2D, width: number, height: number) => {
      if (histogram) drawHistograms(context, histogram, tokens, width, height);
    },
    [histogram, tokens],
  );
  if (!histogram) return <Empty>{column.name} has draws that are not numbers, so they have no ranks.</Empty>;
  return (
    <>
      <Legend
        entries={[
          { shape: 'filled', color: '--series-1', label: 'ranks of a chain, each in its colour' },
          { shape: 'dashed', color: '--ink', label: 'where all are alike' },
          { shape: 'filled', color: '--grid', label: '95 % of the bars of independent draws' },
        ]}
      />
      <Canvas
        height={HEIGHT.whole}
        draw={draw}
        label={`Rank histograms of ${column.name}, ${chains} chains, ${BINS} bins; the table below has the numbers`}
      />
      <RankTable name={column.name} histogram={histogram} />
    </>
  );
}

function drawHistograms(
  context: CanvasRenderingContext2D,
  { counts, expected, sigma }: RankHistogram,
  tokens: Tokens,
  width: number,
  height: number,
): void {
  const perRow = Math.min(PER_ROW, counts.length);
  const rows = Math.ceil(counts.length / perRow);
  const cellWidth = (width - HEIGHT.gap * (perRow - 1)) / perRow;
  const cellHeight = (height - HEIGHT.gap * (rows - 1)) / rows;
  const highest = Math.max(expected + 3 * sigma, ...counts.flat());
  counts.forEach((bars, chain) => {
    const left = (chain % perRow) * (cellWidth + HEIGHT.gap);
    const floor = Math.floor(chain / perRow) * (cellHeight + HEIGHT.gap) + cellHeight;
    const y = (count: number) => floor - ((cellHeight - HEIGHT.label) * count) / highest;
    context.fillStyle = tokens.grid;
    const [top, bottom] = [y(expected + BAND_SIGMAS * sigma), y(Math.max(0, expected - BAND_SIGMAS * sigma))];
    context.fillRect(left, top, cellWidth, bottom - top);
    context.fillStyle = tokens.series[chain % tokens.series.length];
    const barWidth = cellWidth / bars.length;
    bars.forEach((count, bin) => {
      context.fillRect(left + bin * barWidth + 0.5, y(count), barWidth - 1, floor - y(count));
    });
    context.strokeStyle = tokens.ink;
    context.lineWidth = 1.2;
    context.setLineDash([4, 3]);
    context.beginPath();
    context.moveTo(left, y(expected));
    context.lineTo(left + cellWidth, y(expected));
    context.stroke();
    context.setLineDash([]);
    context.fillStyle = tokens.inkSoft;
    context.font = '11px system-ui, sans-serif';
    context.textBaseline = 'top';
    context.fillText(`chain ${chain + 1}`, left, floor - cellHeight);
  });
}

interface RankRow {
  readonly chain: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly outside: number;
}

const COLUMNS: readonly Column<RankRow>[] = [
  { key: 'chain', title: 'Chain', cell: ({ chain }) => chain + 1 },
  {
    key: 'mean',
    title: 'Mean rank',
    about: 'As a share of all draws: 0.5 for a chain that sits where the others do.',
    numeric: true,
    cell: ({ mean }) => plain(mean, 3),
  },
  { key: 'low', title: 'Lowest bar', numeric: true, cell: ({ low }) => low },
  { key: 'high', title: 'Highest bar', numeric: true, cell: ({ high }) => high },
  {
    key: 'outside',
    title: `Outside of ${BINS}`,
    about: 'Bars outside the band; about one in twenty is for independent draws.',
    numeric: true,
    cell: ({ outside }) => outside,
  },
];

function RankTable({ name, histogram }: { readonly name: string; readonly histogram: RankHistogram }) {
  const { counts, meanRank, expected, sigma } = histogram;
  const rows = counts.map(
    (bars, chain): RankRow => ({
      chain,
      mean: meanRank[chain],
      low: Math.min(...bars),
      high: Math.max(...bars),
      outside: bars.filter((count) => Math.abs(count - expected) > BAND_SIGMAS * sigma).length,
    }),
  );
  return (
    <details className={classes.numbers}>
      <summary>
        In numbers: {plain(expected, 3)} draws a bar expected, band ± {plain(BAND_SIGMAS * sigma, 2)}
      </summary>
      <DataTable caption={`Ranks of ${name} by chain`} columns={COLUMNS} rows={rows} rowKey={({ chain }) => chain} />
    </details>
  );
}
