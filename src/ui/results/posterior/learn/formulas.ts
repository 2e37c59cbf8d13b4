/** The formulas of chains in the Learn tab. */
import { formula, fraction, index, line, over, power, row, under } from '../../../learn/math.ts';

export const posteriorFormula = formula(
  'log p of theta given d equals log prior plus log p of d given theta, plus a constant c',
  line('log p ( θ | d ) = log p ( θ ) + log p ( d | θ ) + c'),
);

const kick = () =>
  row(line('p ← p +'), fraction(line('ε'), line('2')), under(line('∇'), line('θ')), line('log p ( θ )'));

/** Kick, drift, kick. */
export const leapfrogFormulas = [
  formula('half a kick: the momentum p moves by half of epsilon times the gradient of log p', kick()),
  formula('a drift: theta moves by epsilon times the momentum', line('θ ← θ + ε p')),
  formula('half a kick again', kick()),
];

export const rhatFormula = formula(
  'R hat squared equals N minus 1 over N, plus B over N times W',
  power(over(line('R'), line('^')), line('2')),
  line('='),
  fraction(line('N − 1'), line('N')),
  line('+'),
  fraction(line('B'), line('N W')),
);

export const essFormula = formula(
  'ESS equals the number of draws divided by one plus twice the sum of the autocorrelations',
  line('ESS ='),
  fraction(line('number_of_draws'), row(line('1 + 2'), under(line('∑'), line('t')), index(line('ρ'), line('t')))),
);

const squared = (...inside: Parameters<typeof row>) =>
  row(line('∑'), power(row(line('('), ...inside, line(')')), line('2')));

export const energyFormula = formula(
  'E-BFMI equals the sum of squared energy steps over the sum of squared energy deviations',
  line('E-BFMI ='),
  fraction(
    squared(index(line('E'), line('t')), line('−'), index(line('E'), line('t − 1'))),
    squared(index(line('E'), line('t')), line('−'), line('Ē')),
  ),
);
