import { useMemo, useState } from 'react';
import type { PosteriorItem } from '../../../results/posterior/item.ts';
import { LinePlot, type LineSeries } from '../../charts/LinePlot.tsx';
import { IndexSelect } from '../../shared/IndexSelect.tsx';
import { FoldingPanel } from '../../shared/Panel.tsx';

/** Dash patterns, so that chains differ by more than colour. */
const DASHES: readonly (readonly number[] | undefined)[] = [undefined, [8, 3], [2, 2], [8, 3, 2, 3]];
const COLOURS = 6;
/** Chains drawn; more lines hide each other. */
const LINES = 6;

interface TracesProps {
  readonly posterior: PosteriorItem;
}

/** Draws of one parameter in the order they were made. */
export function Traces({ posterior }: TracesProps) {
  const { parameters } = posterior;
  const [chosen, setChosen] = useState(0);
  return (
    <FoldingPanel
      id="results.traces"
      title="Traces"
      about="The draws of each chain in order. Chains that wander through the same band look like one; a chain that stays apart or drifts has not converged."
      aside={
        <IndexSelect label="Parameter" names={parameters.map(({ name }) => name)} value={chosen} onChange={setChosen} />
      }
    >
      <Lines posterior={posterior} chosen={chosen} />
    </FoldingPanel>
  );
}

function Lines({ posterior, chosen }: TracesProps & { readonly chosen: number }) {
  const { parameters, chains, draws } = posterior;
  const column = parameters[Math.min(chosen, parameters.length - 1)];
  const { x, series } = useMemo(() => {
    const lines = Array.from(
      { length: Math.min(LINES, chains) },
      (_, chain): LineSeries => ({
        label: `chain ${chain + 1}`,
        color: chain % COLOURS,
        dash: DASHES[chain % DASHES.length],
        values: Array.from(column.values.slice(chain * draws, (chain + 1) * draws)),
      }),
    );
    return { x: Array.from({ length: draws }, (_, draw) => draw + 1), series: lines };
  }, [column, chains, draws]);
  return (
    <LinePlot
      label={`Traces of ${column.name}: ${series.length} of ${chains} chains, ${draws} draws each`}
      height={300}
      x={x}
      xLabel="draw"
      yLabel={column.name}
      axisWidth={66}
      series={series}
    />
  );
}
