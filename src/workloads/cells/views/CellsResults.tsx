import { useMemo } from 'react';
import { grouped } from '../../../ui/format.ts';
import { Panel } from '../../../ui/shared/Panel.tsx';
import { select } from '../../../ui/state/actions.ts';
import { shownConfig } from '../../../ui/state/shown.ts';
import { useStore } from '../../../ui/state/store.ts';
import { leastMolecules, type RealCells, zeroShare } from '../jobs/look-types.ts';
import { BinLegend } from './BinLegend.tsx';
import { CellPanel } from './CellPanel.tsx';
import classes from './Cells.module.css';
import { CorrelationMap } from './CorrelationMap.tsx';
import { orderOfCells } from './cell-order.ts';
import './finished.ts';
import { Heatmap } from './Heatmap.tsx';
import { Histogram } from './Histogram.tsx';
import { MetricsPanel } from './MetricsPanel.tsx';
import { VerdictLine } from './RulesPanel.tsx';
import { meansVerdict, number, structureVerdict } from './rule-words.ts';
import { pairsOf, Scatter } from './Scatter.tsx';
import { type FinishedCells, useCells } from './store.ts';
import { useReal } from './useReal.ts';

const CHART = 260;
/** Rows that are told apart. */
const ROWS = 96;

/** What the finished cells are worth: whether they go together, are spread and look as real ones. */
export default function CellsResults() {
  const { finished, problem } = useCells();
  const real = useReal();
  const config = useStore(shownConfig);
  if (!real || !finished || finished.tokens.length !== finished.items.length * real.genes.length) {
    return (
      <Panel title="Against real cells">
        <p className={classes.note}>{problem ?? 'Gathering the finished cells.'}</p>
      </Panel>
    );
  }
  return (
    <>
      <AgainstReal real={real} finished={finished} imputed={config.params.task === 'impute'} />
      <MetricsPanel finished={finished} />
      <FinishedPanel real={real} finished={finished} />
      <CellPanel real={real} />
    </>
  );
}

interface PartsProps {
  readonly real: RealCells;
  readonly finished: FinishedCells;
}

function AgainstReal({ real, finished, imputed }: PartsProps & { readonly imputed: boolean }) {
  const total = useStore((store) => store.summaries.length);
  const { tokens, items, correlation, agreement } = finished;
  const genes = real.genes.length;
  const names = useMemo(() => Array.from(real.order, (gene) => real.genes[gene]), [real]);
  const n = names.length;
  const pairs = useMemo(
    () => ({ real: pairsOf(real.correlation, n), drawn: correlation && pairsOf(correlation, n) }),
    [real, correlation, n],
  );
  const spread = useMemo(() => {
    const rows = items.map((_, row) => row * genes);
    const means = new Float64Array(genes);
    for (const from of rows) for (let gene = 0; gene < genes; gene++) means[gene] += tokens[from + gene] / rows.length;
    return {
      means,
      zeros: rows.map((from) => zeroShare(tokens, from, genes)),
      molecules: rows.map((from) => leastMolecules(real.bins, tokens, from, genes)),
    };
  }, [real, tokens, items, genes]);
  const zeros = mean(spread.zeros);
  const realZeros = mean(real.zeroShares);
  return (
    <Panel
      title="Against real cells"
      about={`Finished cells beside the ${grouped(real.cells)} real ones of the data. Correlations are Pearson’s, of bins, over pairs of genes; one half of the real cells held against the other says how near chance lets anything come.`}
    >
      <ul className={classes.verdicts} data-testid="cells-results-verdict">
        {agreement && <VerdictLine lead="Together" {...structureVerdict(agreement, real.floor)} />}
        {agreement && <VerdictLine lead="Means" {...meansVerdict(agreement, real.floor)} />}
        <VerdictLine
          lead="Zeros"
          good={Math.abs(zeros - realZeros) < 0.02}
          words={`${percent(zeros)} of all genes without a molecule, ${percent(realZeros)} in real cells`}
        />
      </ul>
      {imputed && (
        <p className={classes.note}>
          Of imputation most genes are the cell’s own, so these figures flatter: exact match at the hidden genes, in the
          table of all results, is what counts.
        </p>
      )}
      <div className={classes.squares} data-two>
        <CorrelationMap title="Cells of the data" correlation={real.correlation} names={names} awaited="" />
        <CorrelationMap
          title="This run"
          correlation={correlation}
          names={names}
          awaited="Two cells or more make correlations."
        />
      </div>
      <div className={classes.charts}>
        {pairs.drawn && agreement && (
          <figure className={classes.chart}>
            <figcaption>
              Correlation of every pair of genes; slope {number(agreement.slope)} (half against half{' '}
              {number(real.floor.slope)})
            </figcaption>
            <Scatter
              label={`${grouped(pairs.real.length)} pairs of genes: correlations in this run over those in real cells, slope ${number(agreement.slope)}`}
              x={pairs.real}
              y={pairs.drawn}
              slope={agreement.slope}
              xLabel="real cells"
              yLabel="this run"
              height={CHART}
            />
          </figure>
        )}
        <figure className={classes.chart}>
          <figcaption>Mean bin of every gene</figcaption>
          <Scatter
            label={`Mean bins of ${grouped(genes)} genes in this run over those in real cells`}
            x={real.means}
            y={spread.means}
            xLabel="real cells"
            yLabel="this run"
            height={CHART}
          />
        </figure>
        <figure className={classes.chart}>
          <figcaption>Share of genes without a molecule, cell by cell</figcaption>
          <Histogram title="share of zeros" real={real.zeroShares} drawn={spread.zeros} height={CHART} />
        </figure>
        <figure className={classes.chart}>
          <figcaption>
            {real.bins.edges ? 'Molecules of a cell, each bin at its least count' : 'Sum of the bins of a cell'}
          </figcaption>
          <Histogram
            title={real.bins.edges ? 'molecules at least' : 'sum of bins'}
            real={real.molecules}
            drawn={spread.molecules}
            height={CHART}
          />
        </figure>
      </div>
      {items.length < total && (
        <p className={classes.note}>
          {grouped(items.length)} of {grouped(total)} cells are looked at here; the files of the run hold all.
        </p>
      )}
    </Panel>
  );
}

/** A picture of the finished cells, and of as many real ones. */
function FinishedPanel({ real, finished: { items, tokens } }: PartsProps) {
  const genes = real.genes.length;
  const shown = useMemo(() => tokens.subarray(0, Math.min(ROWS, items.length) * genes), [tokens, items, genes]);
  const sample = useMemo(
    () => real.sample.subarray(0, Math.min(ROWS, real.sampleLabels.length) * genes),
    [real, genes],
  );
  const rows = useMemo(() => orderOfCells(shown, genes), [shown, genes]);
  const sampleRows = useMemo(() => orderOfCells(sample, genes), [sample, genes]);
  return (
    <Panel
      title="Finished cells"
      about="Each row is a cell, each column a gene; what goes together stands beside each other. Choose a row to see all of that cell."
    >
      <BinLegend bins={real.bins} />
      <div className={classes.films}>
        <section className={classes.film} aria-label="Cells of this run">
          <p className={classes.filmHead}>
            <strong>This run</strong> <span>the first {grouped(shown.length / genes)}</span>
          </p>
          <Heatmap
            label={`${shown.length / genes} cells of this run`}
            tokens={shown}
            genes={real.genes}
            bins={real.bins}
            order={real.order}
            rows={rows}
            rowName={(row) => `Cell ${items[row] + 1}`}
            height={CHART}
            onChoose={(row) => void select(items[row])}
          />
        </section>
        <section className={classes.film} aria-label="Cells of the data">
          <p className={classes.filmHead}>
            <strong>Cells of the data</strong>{' '}
            <span>
              {grouped(sample.length / genes)} of {grouped(real.cells)}
            </span>
          </p>
          <Heatmap
            label={`${sample.length / genes} real cells`}
            tokens={sample}
            genes={real.genes}
            bins={real.bins}
            order={real.order}
            rows={sampleRows}
            rowName={(row) => real.sampleLabels[row] || `Real cell ${row + 1}`}
            height={CHART}
          />
        </section>
      </div>
    </Panel>
  );
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / Math.max(1, values.length);
}
