/** The formulas of the part on absorbing diffusion. */
import { formula, fraction, index, line, power, row, under } from '../../../ui/learn/math.ts';

export const forwardFormula = formula(
  'The probability that a gene is masked at time t is 1 minus epsilon, times t',
  line('P ( masked_at_time_t ) = ( 1 − ε ) t'),
);

export const lossFormula = formula(
  'L is the expectation over t of one over t times the sum over masked genes of minus log p of the true count given the visible genes',
  line('L ='),
  index(line('E'), line('t')),
  line('['),
  fraction(line('1'), line('t')),
  under(line('∑'), line('masked')),
  line('− log p ('),
  index(line('x'), line('i')),
  line('_|_ visible ) ]'),
);

export const scoreFormula = formula(
  'The score s of count y is p of y given the visible genes, over e to the sigma minus 1',
  index(line('s'), line('y')),
  line('='),
  fraction(line('p ( y | visible )'), row(power(line('e'), line('σ ( t )')), line('− 1'))),
);

export const revealFormula = formula(
  'In a step from t to s a masked gene is revealed with probability t minus s over t',
  line('q ='),
  fraction(line('t − s'), line('t')),
);

export const originFormula = formula(
  'The origin reveals with probability 1 minus e to the minus sigma prime of t over N; at t equal 1, sigma prime is 999',
  line('q = 1 −'),
  power(line('e'), row(line('− σ′ ( t ) / N'))),
  line(',_ σ′ ( 1 ) = 999'),
);

export const guidanceFormula = formula(
  'log p gamma equals gamma log p given the label plus 1 minus gamma times log p without it, up to a constant',
  line('log'),
  index(line('p'), line('γ')),
  line('= γ log p ( · | label ) + ( 1 − γ ) log p ( · ) + const'),
);
