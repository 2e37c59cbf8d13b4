/** The formulas of the section on flow matching. */
import { formula, fraction, index, line, power, row } from '../../../ui/learn/math.ts';

export const pathFormula = formula(
  'x at time t equals t times x 1 plus 1 minus t times x 0, where x 0 is noise and x 1 a parameter vector',
  index(line('x'), line('t')),
  line('= t'),
  index(line('x'), line('1')),
  line('+ ( 1 − t )'),
  index(line('x'), line('0')),
);

const difference = () => row(index(line('x'), line('1')), line('−'), index(line('x'), line('0')));

export const lossFormula = formula(
  'The loss is the mean squared difference between the network v at x t, t and the data y, and x 1 minus x 0',
  line('L = E'),
  power(row(line('‖ v ('), index(line('x'), line('t')), line(', t , y ) − ('), difference(), line(') ‖')), line('2')),
);

export const flowFormula = formula(
  'd x d t equals v of x, t and y, from x at time 0, which is normal, to x at time 1, which is a draw from the posterior',
  fraction(line('dx'), line('dt')),
  line('= v ( x , t , y ) , x ( 0 ) ∼ N ( 0 , I ) , x ( 1 ) ∼ p ( θ | y )'),
);

export const midpointFormula = formula(
  'x becomes x plus h times v at x plus h over 2 times v of x and t, at t plus h over 2',
  line('x ← x + h v ( x +'),
  fraction(line('h'), line('2')),
  line('v ( x , t ) , t +'),
  fraction(line('h'), line('2')),
  line(')'),
);
