import { LinePlot } from '../../../ui/charts/LinePlot.tsx';
import { fixed, grouped } from '../../../ui/format.ts';
import { type Column, DataTable } from '../../../ui/shared/DataTable.tsx';
import { CheckIcon, WarnIcon } from '../../../ui/shared/icons.tsx';
import classes from './Cells.module.css';
import { curveVerdict } from './curve-words.ts';
import { useTraining } from './training.ts';

const HEIGHT = 240;

type HeldOut = NonNullable<ReturnType<typeof useTraining.getState>['score']>;

interface Row {
  readonly name: string;
  readonly about: string;
  readonly nats: string;
  readonly exact: string;
}

const COLUMNS: readonly Column<Row>[] = [
  {
    key: 'name',
    title: 'What tells held-out cells',
    cell: ({ name, about }) => (
      <>
        {name} <span className={classes.below}>{about}</span>
      </>
    ),
  },
  {
    key: 'nats',
    title: 'Nats a gene',
    about: 'Mean −log p of held-out cells, fewer is better; of a network a bound from above.',
    numeric: true,
    cell: ({ nats }) => nats,
  },
  {
    key: 'exact',
    title: 'Hidden genes exactly',
    about: 'A fifth of the genes of held-out cells is hidden: the share whose likeliest bin is the true one.',
    numeric: true,
    cell: ({ exact }) => exact,
  },
];

/** How well cells that are not seen are known, step by step, over the baselines that need no network. */
export function LearningCurve({ going }: { readonly going: boolean }) {
  const { judgements, baselines, score } = useTraining();
  const last = judgements.at(-1);
  const verdict = score
    ? curveVerdict(score.score.nll.nats, score.baselines, 'on held-out cells')
    : curveVerdict(last?.nats, baselines, 'so far');
  const levels = baselines.flatMap(({ title, nll }) => (nll === undefined ? [] : [{ title, nll }]));
  return (
    <>
      {verdict && (
        <ul className={classes.verdicts} data-testid="train-verdict">
          <li data-good={verdict.good || undefined} data-bad={!verdict.good || undefined}>
            {verdict.good ? <CheckIcon /> : <WarnIcon />}
            <span>{verdict.words}</span>
          </li>
        </ul>
      )}
      {judgements.length > 1 ? (
        <figure className={classes.chart}>
          <figcaption>Nats a gene that it takes to tell cells that judge the training, fewer is better</figcaption>
          <LinePlot
            label={`Nats a gene over ${grouped(last!.step)} steps, now ${fixed(last!.nats, 4)}; ${levels.map(({ title, nll }) => `${title} ${fixed(nll, 4)}`).join(', ')}`}
            height={HEIGHT}
            x={judgements.map(({ step }) => step)}
            xLabel="training step"
            yLabel="nats a gene"
            series={[
              { label: 'network', color: 0, values: judgements.map(({ nats }) => nats) },
              ...levels.map(({ title, nll }, i) => ({
                label: title,
                color: i + 1,
                values: judgements.map(() => nll),
                dash: [6, 4],
              })),
            ]}
          />
        </figure>
      ) : (
        <p className={classes.note}>
          {going ? 'The learning curve begins with the second judgement.' : 'It ended before it was judged twice.'}
        </p>
      )}
      {score && (
        <DataTable
          caption="Network and baselines on held-out cells"
          testId="train-table"
          columns={COLUMNS}
          rows={rowsOf(score)}
          rowKey={({ name }) => name}
          whole
        />
      )}
    </>
  );
}

function rowsOf({ score, baselines }: HeldOut): Row[] {
  const { nll, imputation } = score;
  return [
    {
      name: 'This network',
      about: 'With the labels of the cells.',
      nats: `${fixed(nll.nats, 4)} ± ${fixed(nll.error, 4)}`,
      exact: percent(imputation.exact),
    },
    ...baselines.map(({ title, about, nll: nats, imputation: of }) => ({
      name: title,
      about,
      nats: nats === undefined ? '–' : fixed(nats, 4),
      exact: percent(of.exact),
    })),
  ];
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
