import { useMemo } from 'react';
import { NO_VALUE } from '../../../../results/posterior/columns.ts';
import { type ItemSummary, passesLooser, unfit } from '../../../../results/posterior/item-summary.ts';
import { judging, type NamedThresholds } from '../../../../results/posterior/options.ts';
import { type Check, type CheckResult, checksOf } from '../../../../stats/checks.ts';
import { grouped, plain } from '../../../format.ts';
import { type Column, DataTable } from '../../../shared/DataTable.tsx';
import { FoldingPanel } from '../../../shared/Panel.tsx';
import { useStore } from '../../../state/store.ts';
import { shownPosterior } from '../of-store.ts';
import classes from './ChecksPanel.module.css';

interface CheckText {
  readonly title: string;
  readonly about: string;
  /** What the looser thresholds ask for instead. */
  readonly aboutLooser?: (looser: NamedThresholds) => string;
  /** Writes the threshold, e.g. "< 1.01". */
  readonly ours: (threshold: number) => string;
  readonly looser: (threshold: number) => string;
  readonly value: (value: number) => string;
  /** Where the looser thresholds are of another unit. */
  readonly looserValue?: (value: number) => string;
}

const percent = (share: number) => `${plain(100 * share, 2)} %`;
const atLeast = (threshold: number) => `≥ ${threshold}`;
const count = (value: number) => (Number.isNaN(value) ? NO_VALUE : grouped(value));

const TEXTS: Readonly<Record<Check['id'], CheckText>> = {
  rhat: {
    title: 'R̂, largest',
    about:
      'Rank-normalised split R̂ (Vehtari and others 2021): spread between chains against spread within, 1 when they agree. Ours must hold for every parameter',
    aboutLooser: ({ name, parameters }) => `, ${name}’s for ${parameters.join(' and ')}.`,
    ours: (threshold) => `< ${threshold}`,
    looser: (threshold) => `≤ ${threshold}`,
    value: (value) => (Number.isNaN(value) ? NO_VALUE : value.toFixed(4)),
  },
  essBulk: {
    title: 'ESS bulk, smallest',
    about:
      'How many independent draws the centre of the posterior is worth. 400 is what R̂ and the error of the mean need to be trusted',
    aboutLooser: ({ name, essMin, parameters }) => `; ${name} asks for ${essMin} of ${parameters.join(' and ')}.`,
    ours: atLeast,
    looser: atLeast,
    value: count,
  },
  essTail: {
    title: 'ESS tail, smallest',
    about: 'The same for the 5 % and 95 % quantiles, the smaller of the two.',
    aboutLooser: ({ name }) => ` ${name} does not look at it.`,
    ours: atLeast,
    looser: atLeast,
    value: count,
  },
  bfmi: {
    title: 'E-BFMI, smallest',
    about:
      'How much of the energy’s spread one transition covers, worst chain. Below 0.3 the sampler moves too slowly between energy levels (Betancourt 2016).',
    ours: atLeast,
    looser: atLeast,
    value: (value) => (Number.isNaN(value) ? NO_VALUE : plain(value, 3)),
  },
  divergences: {
    title: 'Divergent transitions',
    about:
      'Transitions whose energy error exceeded 1000: the integrator lost the trajectory, and part of the posterior may be missing. Ours allows none',
    aboutLooser: ({ name, divergenceFractionMax }) => `; ${name} takes up to ${percent(divergenceFractionMax)}.`,
    ours: () => 'none',
    looser: (threshold) => `≤ ${percent(threshold)}`,
    value: grouped,
    looserValue: percent,
  },
};

/** The same posterior judged twice: what each check found, what it asks for, and whether that is met. */
export function ChecksPanel({ summary }: { readonly summary: ItemSummary }) {
  const { looser } = useStore(shownPosterior);
  return (
    <FoldingPanel
      id="results.checks"
      title={unfit(summary) ? 'Checks of the chains' : 'Checks'}
      // What did not pass is what one looks for.
      open={!summary.converged}
      about={
        looser
          ? `Both sets of thresholds side by side. Only what passes ours counts as converged here; ${looser.name}’s verdict is what its own tables would say.`
          : 'What each check found and what it asks for. Only what passes all counts as converged.'
      }
      brief={
        <span className={classes.overall}>
          {unfit(summary) && (
            <>
              model and noise <Mark pass={false} /> · chains:{' '}
            </>
          )}
          ours <Mark pass={summary.converged} />
          {looser && (
            <>
              {' '}
              · {looser.name}’s <Mark pass={passesLooser(summary)} />
            </>
          )}
        </span>
      }
    >
      <Table summary={summary} />
    </FoldingPanel>
  );
}

function Table({ summary }: { readonly summary: ItemSummary }) {
  const posterior = useStore(shownPosterior);
  const { looser } = posterior;
  const checks = useMemo(() => checksOf(summary, judging(posterior)), [summary, posterior]);
  const columns = useMemo((): readonly Column<Check>[] => {
    const by = (which: Judge, title: string, about: string): Column<Check> => ({
      key: which,
      title,
      about,
      cell: (row) => <Result check={row} which={which} />,
    });
    return [
      { key: 'check', title: 'Check', cell: (row) => TEXTS[row.id].title },
      by('lockstep', 'Ours', 'The thresholds of Vehtari and others (2021), for every parameter. All must pass.'),
      ...(looser ? [by('looser', `${looser.name}’s`, aboutLooser(looser))] : []),
    ];
  }, [looser]);
  return (
    <>
      <DataTable
        caption={`Checks of ${summary.info.runId}`}
        testId="checks-table"
        columns={columns}
        rows={checks}
        rowKey={(row) => row.id}
      />
      <details className={classes.explain}>
        <summary>What each check means</summary>
        <dl>
          {checks.map(({ id }) => (
            <div key={id}>
              <dt>{TEXTS[id].title}</dt>
              <dd>{aboutOf(TEXTS[id], looser)}</dd>
            </div>
          ))}
        </dl>
      </details>
    </>
  );
}

const aboutLooser = ({ name, judges }: NamedThresholds) =>
  `${name}’s own thresholds, for ${judges}. A dash: ${name} does not check it.`;

function aboutOf({ about, aboutLooser }: CheckText, looser: NamedThresholds | undefined): string {
  const text = about + ((looser && aboutLooser?.(looser)) ?? '');
  return text.endsWith('.') ? text : `${text}.`;
}

type Judge = 'lockstep' | 'looser';

function Result({ check, which }: { readonly check: Check; readonly which: Judge }) {
  const result: CheckResult | undefined = check[which];
  if (!result) return <span className={classes.soft}>–</span>;
  const text = TEXTS[check.id];
  const value = (which === 'looser' && text.looserValue) || text.value;
  const asked = which === 'looser' ? text.looser : text.ours;
  return (
    <span className={classes.result}>
      <Mark pass={result.pass} />
      <strong>{value(result.value)}</strong>
      <span className={classes.soft}>
        {asked(result.threshold)}
        {result.where && result.where !== 'all chains' ? ` · ${result.where}` : ''}
      </span>
    </span>
  );
}

function Mark({ pass }: { readonly pass: boolean }) {
  return <span className={pass ? classes.pass : classes.fail}>{pass ? '✓ pass' : '✗ fail'}</span>;
}
