import { LearnPart } from '../../../learn/LearnPart.tsx';
import { energyFormula, essFormula, rhatFormula } from './formulas.ts';

/** How draws of chains are judged: a part of the Learn tab. */
export function Trust() {
  return (
    <LearnPart id="learn.trust" title="Can the answer be trusted?">
      <p>
        Several chains start from different places. If they agree, and each moved enough, their draws can be believed.
      </p>
      <h3>R̂, do the chains agree?</h3>
      {rhatFormula}
      <p>
        It compares the spread between chains, B, with the spread within, W, over N draws each. 1 means that the chains
        cannot be told apart; below 1.01 passes. The form used here works on ranks of half chains, so that it also sees
        chains that drift or have heavy tails.
      </p>
      <h3>ESS, how many independent draws is this worth?</h3>
      {essFormula}
      <p>
        Neighbouring draws resemble each other; ρ<sub>t</sub> is their correlation over t steps. <em>Bulk</em> ESS is
        for the centre, <em>tail</em> ESS for the 5 % and 95 % quantiles. Below 400, even R̂ and the errors themselves
        are not reliable.
      </p>
      <h3>Divergences and E-BFMI</h3>
      {energyFormula}
      <p>
        A divergent transition (an energy error ΔH above 1000) means the integrator fell off a steep slope: some region
        is not explored. E-BFMI below 0.3 means that the kicks are too weak to cross the energy levels of the posterior.
      </p>
      <h3>The bias m and c</h3>
      <p>
        One item cannot show a bias: its error bar is too wide. Many items with known truth can. The line estimate = (1
        + m) · truth + c is fitted through all of them; m and c come with errors, and the page says how many items a
        smaller error would take. A single lucky value near zero proves nothing.
      </p>
    </LearnPart>
  );
}
