/** The formula of shear's posterior in the Learn tab. */
import { formula, fraction, line, power, under } from '../../../ui/learn/math.ts';

export const pixelFormula = formula(
  'log p of theta given d equals log prior minus one half the sum over pixels of d minus m squared over sigma squared, plus a constant c',
  line('log p ( θ | d ) = log p ( θ ) −'),
  fraction(line('1'), line('2')),
  under(line('∑'), line('pixels')),
  fraction(power(line('( d − m ( θ ) )'), line('2')), power(line('σ'), line('2'))),
  line('+ c'),
);
