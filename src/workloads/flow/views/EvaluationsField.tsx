import form from '../../../ui/controls/Controls.module.css';
import { grouped } from '../../../ui/format.ts';
import { FieldLabel } from '../../../ui/shared/FieldLabel.tsx';
import { setParam } from '../../../ui/state/actions.ts';
import { isActive, useStore } from '../../../ui/state/store.ts';
import { flowExperiment } from '../experiment.ts';
import { defaultSteps, evaluationsOf, isAdaptive, type Solver } from '../sampling/solvers.ts';
import { costWords, evaluationsAt, FEWEST, MOST, PLACES, placeOf, stepsFor } from './evaluations.ts';

/** How often the network is asked for one sample, from 4 to 200: sets the steps that the solver makes of it. */
export default function EvaluationsField() {
  const solver = useStore((store) => store.config.params.solver as Solver);
  const given = useStore((store) => store.config.params.steps as number);
  const locked = useStore(isActive);
  const steps = given || defaultSteps(solver);
  const evaluations = evaluationsOf(solver, steps);
  const words = costWords(solver, nameOf(solver), steps);
  return (
    <div className={form.wide}>
      <FieldLabel
        htmlFor="flow-evaluations"
        label="Evaluations a sample"
        help="How often the network is evaluated for one sample: nearly all of the time a sample takes. Few are fast and cut corners; beyond some number only the network itself limits the accuracy."
      />
      <input
        id="flow-evaluations"
        type="range"
        className={form.range}
        min={0}
        max={PLACES}
        value={placeOf(evaluations)}
        disabled={locked || isAdaptive(solver)}
        aria-valuetext={words}
        onChange={(event) => setParam('steps', stepsFor(solver, evaluationsAt(Number(event.currentTarget.value))))}
        data-testid="flow-evaluations"
      />
      <p className={form.note}>
        {words}
        {!isAdaptive(solver) && (evaluations < FEWEST || evaluations > MOST)
          ? `, beyond the slider’s ${grouped(FEWEST)} to ${grouped(MOST)}`
          : ''}
        .
      </p>
    </div>
  );
}

/** The solver's name in the form. */
export function nameOf(solver: Solver): string {
  const spec = flowExperiment.params.find(({ key }) => key === 'solver')!;
  const choice = spec.kind === 'choice' ? spec.choices.find(({ value }) => value === solver) : undefined;
  return choice?.label ?? solver;
}
