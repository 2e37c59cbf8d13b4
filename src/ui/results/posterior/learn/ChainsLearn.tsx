import { LearnPart } from '../../../learn/LearnPart.tsx';
import { formExperiment } from '../../../state/shown.ts';
import { useStore } from '../../../state/store.ts';
import { posteriorFormula } from './formulas.ts';
import { Hamiltonian } from './Hamiltonian.tsx';
import { ItemOfItsOwn } from './ItemOfItsOwn.tsx';
import { Trust } from './Trust.tsx';

/** Posteriors by Hamiltonian Monte Carlo, and how to judge them: a part of the Learn tab. */
export default function ChainsLearn() {
  const { one, many } = useStore((store) => formExperiment(store).itemName);
  return (
    <>
      <LearnPart id="learn.inferred" title="What is being inferred" open>
        <ItemOfItsOwn one={one} />
        {posteriorFormula}
        <p>d are the data, p(d | θ) says how likely θ makes them, c is a constant.</p>
      </LearnPart>
      <Hamiltonian many={many} />
      <Trust />
    </>
  );
}
