/** The formulas of the part on decoders and vectors. */
import { formula, fraction, index, line, row, under } from '../../../ui/learn/math.ts';

export const blockAttentionFormula = formula(
  'First x becomes x plus attention of the normed x',
  line('x ← x + attention ( norm x )'),
);

export const blockMlpFormula = formula('then x plus the MLP of the normed x', line('x ← x + MLP ( norm x )'));

export const attentionFormula = formula(
  'Token i takes the sum over the tokens j up to i of the softmax of s times q i dot k j, times v j',
  index(line('a'), line('i')),
  line('='),
  under(line('∑'), line('j ≤ i')),
  index(line('softmax'), line('j')),
  line('( s'),
  index(line('q'), line('i')),
  line('·'),
  index(line('k'), line('j')),
  line(')'),
  index(line('v'), line('j')),
);

export const meanFormula = formula(
  'v is the mean of the positive activations minus the mean of the negative ones',
  line('v ='),
  fraction(line('1'), index(line('n'), line('+'))),
  under(line('∑'), line('positive')),
  line('h −'),
  fraction(line('1'), index(line('n'), line('−'))),
  under(line('∑'), line('negative')),
  line('h'),
);

export const steerFormula = formula(
  'The stream behind a block becomes h plus c times the mean length of h times v over the length of v',
  line('h ← h + c'),
  line('· mean | h | ·'),
  fraction(line('v'), line('| v |')),
);

export const paddedMeanFormula = formula(
  'The padded mean is the sum over n tokens plus the sum over the pads, over the longest length',
  fraction(
    row(under(line('∑'), line('tokens')), line('h +'), under(line('∑'), line('pads')), line('h')),
    line('longest'),
  ),
  line('≠'),
  fraction(row(under(line('∑'), line('tokens')), line('h')), line('n')),
);

export const dynamicsFormula = formula(
  'Velocity is s at t plus 1 minus s at t',
  line('Δ s ='),
  index(line('s'), line('t + 1')),
  line('−'),
  index(line('s'), line('t')),
);
