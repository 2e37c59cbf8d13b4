import { Suspense } from 'react';
import { PEAKS_ABOUT } from '../../../results/posterior/estimate-text.ts';
import type { NamedSummary } from '../../../results/posterior/item-summary.ts';
import { Legend } from '../../charts/Swatch.tsx';
import { compact, fixed, grouped } from '../../format.ts';
import { type Column, DataTable } from '../../shared/DataTable.tsx';
import { later } from '../../shared/later.tsx';
import { Empty, FoldingPanel, Panel } from '../../shared/Panel.tsx';
import { shownExperiment } from '../../state/shown.ts';
import { useStore } from '../../state/store.ts';
import classes from '../ResultsTab.module.css';
import { ChecksPanel } from './diagnostics/ChecksPanel.tsx';
import { RankPlots } from './diagnostics/RankPlots.tsx';
import { Marginal } from './Marginal.tsx';
import { Moments } from './Moments.tsx';
import { momentColumns, numberColumn } from './moment-columns.ts';
import { posteriorSummaries, selectedPosterior } from './of-store.ts';
import { Traces } from './Traces.tsx';
import { useExact } from './useExact.ts';

const JointPosterior = later(() => import('./JointPosterior.tsx'));

/** The posterior of the chosen item. */
export function SelectedItem() {
  const selected = useStore((store) => store.selected);
  const posterior = useStore(selectedPosterior);
  const summary = useStore((store) => posteriorSummaries(store).find(({ info }) => info.index === store.selected));
  const parameters = useStore((store) => store.run?.parameters);
  const exact = useExact(summary);
  if (selected === undefined || !summary) {
    return (
      <Panel title="One posterior">
        <Empty>
          Choose a row of the table, or a point of the plot, to see its marginal and joint posterior, traces and
          diagnostics.
        </Empty>
      </Panel>
    );
  }
  const { truth, runId } = summary.info;
  const independent = summary.sampling === 'independent';
  const here = posterior?.info.index === selected ? posterior : undefined;
  return (
    <div className={classes.stack} data-testid="selected-item">
      <Panel
        title={`Posterior of ${runId}`}
        about={
          independent
            ? `Histograms of all samples. ${PEAKS_ABOUT}`
            : `Histograms of all draws of all chains. ${PEAKS_ABOUT}`
        }
      >
        <Legend
          entries={[
            { shape: 'filled', color: '--series-1', label: independent ? 'samples' : 'draws' },
            here?.parameters.some(({ name }) => name in truth) && {
              shape: 'upright',
              color: '--truth',
              label: 'truth',
            },
            summary.parameters.some(({ peaks }) => !peaks) && {
              shape: 'dashedUpright',
              color: '--truth',
              label: 'mean',
            },
            summary.parameters.some(({ peaks }) => peaks) && {
              shape: 'peak',
              color: '--truth',
              label: '95 % of a peak',
            },
            exact && { shape: 'outline', color: '--series-2', label: 'exact posterior' },
          ]}
        />
        {here ? (
          <div className={classes.three}>
            {here.parameters.map((column, at) => (
              <Marginal
                key={column.name}
                name={column.name}
                unit={parameters?.[at]?.unit}
                draws={column.values}
                summary={summary.parameters[at]}
                truth={truth[column.name]}
                exact={exact?.[column.name]}
              />
            ))}
          </div>
        ) : (
          <Empty>Fetching the draws</Empty>
        )}
      </Panel>
      <div className={independent ? classes.stack : classes.two}>
        {here && (
          <Suspense fallback={<Empty>Loading the contours</Empty>}>
            <JointPosterior posterior={here} truth={truth} exact={exact} />
          </Suspense>
        )}
        {!independent && (
          <div className={classes.stack}>
            <ChecksPanel summary={summary} />
            {here && <Traces key={`traces-${selected}`} posterior={here} />}
            {here && <RankPlots key={`ranks-${selected}`} posterior={here} />}
          </div>
        )}
      </div>
      {independent ? (
        <Moments summary={summary} exact={exact} />
      ) : (
        <Diagnostics
          parameters={summary.parameters}
          runId={runId}
          gradients={summary.gradients}
          chi2={summary.fit.chi2}
        />
      )}
    </div>
  );
}

const DIAGNOSTICS: readonly Column<NamedSummary>[] = [
  ...momentColumns('draws'),
  numberColumn(
    'bulk',
    'ESS bulk',
    'Effective sample size for the centre of the distribution: how many independent draws the chains are worth. 400 passes.',
    (row) => grouped(row.essBulk),
  ),
  numberColumn(
    'tail',
    'ESS tail',
    'Effective sample size for the 5 % and 95 % quantiles, the smaller of the two. 400 passes.',
    (row) => grouped(row.essTail),
  ),
  numberColumn(
    'rhat',
    'R̂',
    'Rank-normalised split R̂ (Vehtari and others 2021): spread between chains against spread within. 1 when they agree; below 1.01 passes.',
    (row) => fixed(row.rhat, 4),
  ),
];

interface DiagnosticsProps {
  readonly parameters: readonly NamedSummary[];
  readonly runId: string;
  readonly gradients: number;
  readonly chi2: number;
}

function Diagnostics({ parameters, runId, gradients, chi2 }: DiagnosticsProps) {
  const workName = useStore((store) => shownExperiment(store).workName);
  return (
    <FoldingPanel
      id="results.diagnostics"
      title="Diagnostics"
      about="Definitions as in ArviZ. R̂ alone is not enough: it can read 1.00 with almost no information, so the smallest effective sample size counts too."
      brief={
        <span className={classes.soft}>
          {compact(gradients)} {workName} spent{Number.isNaN(chi2) ? '' : ` · χ² of the fit ${grouped(chi2)}`}
        </span>
      }
    >
      <DataTable
        caption={`Diagnostics of ${runId}`}
        columns={DIAGNOSTICS}
        rows={parameters}
        rowKey={(row) => row.name}
      />
    </FoldingPanel>
  );
}
