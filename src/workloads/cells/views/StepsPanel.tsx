import { Button, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { grouped } from '../../../ui/format.ts';
import { type Column, DataTable } from '../../../ui/shared/DataTable.tsx';
import { Empty, FoldingPanel } from '../../../ui/shared/Panel.tsx';
import { isActive, isTuning, useStore } from '../../../ui/state/store.ts';
import { isTraining } from '../../../ui/training/controls.ts';
import classes from './Cells.module.css';
import { dataKey } from './keys.ts';
import { cancelLadder, climb, climbNetwork, type Measure, type StepPoint, stopNetwork, useLadder } from './ladder.ts';
import { number, ruleWords } from './rule-words.ts';
import { StepsChart } from './StepsChart.tsx';
import { useCells } from './store.ts';
import { useTraining } from './training.ts';

const SOURCES = { mixture: 'the mixture', network: 'the network', run: 'a run' } as const;

const COLUMNS: readonly Column<StepPoint>[] = [
  { key: 'rule', title: 'Rule', cell: ({ rule, steps }) => ruleWords(rule, steps) },
  { key: 'source', title: 'Of', cell: ({ source }) => SOURCES[source] },
  { key: 'slope', title: 'Slope', numeric: true, cell: ({ agreement }) => number(agreement.slope) },
  {
    key: 'best',
    title: 'Best',
    about: 'Slope of the mixture’s own cells; else that of real cells against real ones.',
    numeric: true,
    cell: ({ best }) => number(best.slope),
  },
  { key: 'mse', title: 'Correlation MSE', numeric: true, cell: ({ agreement }) => agreement.correlationMse.toFixed(4) },
  { key: 'mean', title: 'Mean expression r', numeric: true, cell: ({ agreement }) => agreement.meanR.toFixed(3) },
  { key: 'cells', title: 'Cells', numeric: true, wideOnly: true, cell: ({ agreement }) => grouped(agreement.cells) },
];

/** What more steps buy, rule by rule. */
export default function StepsPanel() {
  const config = useStore((store) => store.config);
  const files = useStore((store) => store.files);
  const active = useStore(isActive);
  const real = useCells((cells) => cells.real);
  const { points, going, network, problem } = useLadder();
  const noNetwork = useStore((store) => isTuning(store) || !store.device?.report) || config.params.model !== 'network';
  const training = useTraining(isTraining);
  const [measure, setMeasure] = useState<Measure>('slope');
  const key = dataKey(config, files);
  const shown = points.filter(({ data }) => data === key);
  return (
    <FoldingPanel
      id="live.steps"
      title="Steps against quality"
      about="Genes that reveal in one step cannot see each other, so a rule with few steps loses how genes go together; with N steps the error falls as 1/N. Each rule is tried with 1 to 128 steps and the mixture as predictor, whose own cells are the best that any rule can do. Finished runs are points, too: what they lack beyond their rule is the network’s."
      brief={
        <span className={classes.soft}>
          {shown.length > 0 ? `${shown.length} ${shown.length === 1 ? 'point' : 'points'}` : 'rules × 1 to 128 steps'}
        </span>
      }
      aside={
        <>
          <NativeSelect
            size="xs"
            aria-label="Measure of quality"
            value={measure}
            data={[
              { value: 'slope', label: 'correlation slope' },
              { value: 'correlationMse', label: 'correlation MSE' },
            ]}
            onChange={(event) => setMeasure(event.currentTarget.value as Measure)}
          />
          {going ? (
            <Button size="xs" variant="default" onClick={cancelLadder} data-testid="cells-ladder-stop">
              Stop ({going.done} of {going.total})
            </Button>
          ) : (
            <Button
              size="xs"
              variant="light"
              disabled={active || !real || network !== undefined}
              onClick={() => void climb(config)}
              data-testid="cells-ladder"
            >
              Try the mixture
            </Button>
          )}
          {network ? (
            <Button
              size="xs"
              variant="default"
              disabled={network.stopping}
              onClick={stopNetwork}
              data-testid="cells-steps-stop"
            >
              {network.stopping ? 'Stopping' : `Stop (${Math.round(100 * network.fraction)} %)`}
            </Button>
          ) : (
            <Button
              size="xs"
              variant="light"
              disabled={active || !real || noNetwork || training || going !== undefined}
              onClick={() => void climbNetwork(config)}
              title={noNetwork ? 'Needs a GPU, and the network as predictor' : undefined}
              data-testid="cells-steps-measure"
            >
              Try the network
            </Button>
          )}
        </>
      }
    >
      {shown.length > 0 ? (
        <>
          <StepsChart points={shown} measure={measure} />
          <details className={classes.details}>
            <summary>The points as a table</summary>
            <DataTable
              caption="Rules and steps against quality"
              testId="cells-steps"
              columns={COLUMNS}
              rows={[...shown].sort((a, b) => a.rule.localeCompare(b.rule) || a.steps - b.steps)}
              rowKey={({ id }) => id}
            />
          </details>
        </>
      ) : (
        <Empty>
          Press “Try the mixture”: three rules with 1 to 128 steps, some seconds in all. The network takes longer.
          Finished runs appear here, too.
        </Empty>
      )}
      {network && (
        <p role="status" className={classes.note}>
          The network is tried: {network.what}.
        </p>
      )}
      {problem && (
        <p className={classes.problem} role="alert">
          Not measured: {problem}
        </p>
      )}
    </FoldingPanel>
  );
}
