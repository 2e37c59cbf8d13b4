import { grouped } from '../../../ui/format.ts';
import { type Column, DataTable } from '../../../ui/shared/DataTable.tsx';
import { CheckIcon, WarnIcon } from '../../../ui/shared/icons.tsx';
import { Panel } from '../../../ui/shared/Panel.tsx';
import { runOfForm, shownConfig } from '../../../ui/state/shown.ts';
import { isActive, useStore } from '../../../ui/state/store.ts';
import type { Agreement } from '../jobs/look-types.ts';
import classes from './Cells.module.css';
import { CorrelationMap } from './CorrelationMap.tsx';
import { number, ruleVerdict, ruleWords, structureVerdict, type Verdict } from './rule-words.ts';
import { type RuleFilm, useCells } from './store.ts';

interface Row {
  readonly name: string;
  readonly about: string;
  readonly agreement: Agreement;
}

/** Means that agree so well show nothing of what the rules do to structure; those of a network that has hardly learnt do. */
const BLIND_MEAN = 0.9;

const COLUMNS: readonly Column<Row>[] = [
  {
    key: 'name',
    title: 'Cells',
    cell: ({ name, about }) => (
      <>
        {name} <span className={classes.soft}>{about}</span>
      </>
    ),
  },
  {
    key: 'slope',
    title: 'Slope',
    about:
      'Least-squares slope of the correlations of all pairs of genes on those of real cells: 1 where genes go together as they should, 0 where they are independent.',
    numeric: true,
    cell: ({ agreement }) => number(agreement.slope),
  },
  {
    key: 'mse',
    title: 'Correlation MSE',
    about:
      'Mean squared difference of those correlations, Pearson’s, of bins. With n cells chance alone makes about 1/n of it.',
    numeric: true,
    cell: ({ agreement }) => agreement.correlationMse.toFixed(4),
  },
  {
    key: 'mean',
    title: 'Mean expression r',
    about:
      'Pearson correlation over genes of their means with those of real cells. Any rule gets it right: it cannot see whether genes go together.',
    numeric: true,
    cell: ({ agreement }) => agreement.meanR.toFixed(4),
  },
  { key: 'cells', title: 'Cells', numeric: true, wideOnly: true, cell: ({ agreement }) => grouped(agreement.cells) },
];

/** Which genes go together: in real cells, in those of a right rule and in those of the origin's, side by side. */
export function RulesPanel() {
  const { real, film, other, finished } = useCells();
  const active = useStore(isActive);
  const ran = useStore((store) => (runOfForm(store) ? shownConfig(store) : undefined));
  if (!real) return null;
  const names = Array.from(real.order, (gene) => real.genes[gene]);
  const run = finished?.agreement && ran ? finished : undefined;
  const ofRun =
    run && ran
      ? {
          name: `This run, ${ruleWords(ran.params.rule, ran.params.steps)}`,
          correlation: run.correlation,
          agreement: run.agreement!,
          verdict: structureVerdict(run.agreement!, real.floor),
        }
      : undefined;
  const form = film && partOf(film);
  const against = other && partOf(other);
  const left = ofRun ?? (active ? undefined : form);
  const rows: Row[] = [
    { name: 'Cells of the data', about: 'one half against the other', agreement: real.floor },
    ...(ofRun ? [{ ...ofRun, about: `${grouped(ofRun.agreement.cells)} finished` }] : []),
    ...(film
      ? [{ name: 'The mixture itself', about: 'exact draws: no rule can better them', agreement: film.exact }]
      : []),
    ...(form ? [{ ...form, about: 'mixture as predictor' }] : []),
    ...(against ? [{ ...against, about: 'mixture as predictor' }] : []),
  ];
  const verdicts = [left, against].filter((each) => each !== undefined);
  const leastMeanR = Math.min(...rows.map(({ agreement }) => agreement.meanR));
  return (
    <Panel
      title="Which genes go together"
      about="Each square has a row and a column for every gene, in the order of the picture above. Red: both are high in the same cells. Blue: one is high where the other is low. Grey: they know nothing of each other. A right rule keeps the pattern of real cells; where all genes are revealed in one step it is gone, though every mean is right."
    >
      <div className={classes.squares} data-testid="cells-squares">
        <CorrelationMap
          title={`Cells of the data (${grouped(real.cells)})`}
          correlation={real.correlation}
          names={names}
          awaited=""
        />
        <CorrelationMap
          title={left?.name ?? 'This run'}
          correlation={left?.correlation}
          names={names}
          awaited={active ? 'Appears with the first finished cells.' : 'Drawn cells appear here.'}
        />
        <CorrelationMap
          title={against?.name ?? 'The rule that it is held against'}
          correlation={against?.correlation}
          names={names}
          awaited="Drawn cells appear here."
        />
      </div>
      <ul className={classes.verdicts} data-testid="cells-verdicts">
        {verdicts.map(({ name, verdict }) => (
          <VerdictLine key={name} lead={name} {...verdict} />
        ))}
      </ul>
      <DataTable
        caption="How rules keep what real cells have"
        testId="cells-rules"
        columns={COLUMNS}
        rows={rows}
        rowKey={({ name, about }) => `${name} ${about}`}
        whole
      />
      {against && leastMeanR >= BLIND_MEAN && (
        <p className={classes.note}>
          The mean cannot see it: mean expression correlates by {leastMeanR.toFixed(3)} or more in every row.
        </p>
      )}
    </Panel>
  );
}

function partOf(film: RuleFilm) {
  const { correlation, agreement, exact } = film;
  return { name: nameOf(film), correlation, agreement, verdict: ruleVerdict(agreement, exact) };
}

/** The last of a film's steps is the denoising, which the form does not count. */
function nameOf({ rule, steps }: RuleFilm): string {
  return ruleWords(rule, rule === 'balanced' || rule === 'first-hitting' ? steps : steps - 1);
}

export function VerdictLine({ good, words, lead }: Verdict & { readonly lead: string }) {
  return (
    <li data-good={good || undefined} data-bad={!good || undefined}>
      {good ? <CheckIcon /> : <WarnIcon />}
      <span>
        <strong>{lead}:</strong> {words}.
      </span>
    </li>
  );
}
