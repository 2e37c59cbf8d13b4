import { expect, test } from 'vitest';
import type { ItemArray } from '../../../results/arrays.ts';
import type { Headline } from '../metrics/metric.ts';
import { Arrays } from './arrays.ts';
import { readOff, type Source } from './read-off.ts';

const WORDS = ['The', ' old', ' dog', ' ran', ' home'];

const array = (name: string, dims: Record<string, number>, values: number[]): ItemArray => ({
  ...{ group: 'g', name, dims: Object.keys(dims), shape: Object.values(dims) },
  values: Float64Array.from(values),
});

/** Two texts, the second with attributions that do not add up. */
const ig = (headlines: Headline[] = []): Source => ({
  arrays: new Arrays([
    array('length', { item: 2 }, [4, 2]),
    array('position', { item: 2 }, [3, 1]),
    array('f', { item: 2, end: 2 }, [7, 2, 3, 1]),
    array('residual', { item: 2 }, [0.005, 0.5]),
    array('attribution', { item: 2, token: 4 }, [0.5, -1.5, 4, 2, 1, 1.5, Number.NaN, Number.NaN]),
  ]),
  headlines,
});

const layers: Source = {
  arrays: new Arrays([
    array('length', { item: 1 }, [4]),
    array('logit', { item: 1 }, [7]),
    array('direct', { item: 1, part: 4 }, [1, -2, 5, 3]),
    array('direct_mean_logit', { item: 1, part: 4 }, [0, 0.5, 0, 0]),
  ]),
  headlines: [{ key: 'directError', name: 'largest |Σ parts − logit|', value: 1e-5 }],
  parts: ['token', 'head_0_1', 'mlp_0', 'head_1_0'],
};

test('names the tokens that count most, and what is missing from their sum', () => {
  const untaught = { key: 'untaughtRank', name: 'ρ', value: 0.1234, error: { value: 0.05, of: 'texts' } };
  const [tokens] = readOff({ ig: ig([untaught]) }, WORDS, 0);
  expect(tokens.says).toBe(
    'Of the logit of “home” behind “ran” (position 3), “dog” at 2 (+4.00), “ran” at 3 (+2.00), “old” at 1 (−1.50) count most: 94 % of all that tokens add or take.',
  );
  expect(tokens.sure).toContain('sums to +5.00, the distance from the baseline, to within 0.10 %.');
  expect(tokens.sure).toContain('ρ = 0.123 ± 0.050');
  const [off] = readOff({ ig: ig() }, ['A', 'cat', 'sat'], 1);
  expect(off.sure).toContain('25 %: too far off to be believed');
});

test('names heads by what they write, else says that looking is not using', () => {
  const [, heads] = readOff({ ig: ig(), layers }, WORDS, 0);
  expect(heads.says).toBe(
    'Head 1.0 (+3.00), head 0.1 (−2.00) write most of its logit straight; of the MLPs MLP 0 (+5.00).',
  );
  expect(heads.sure).toContain('to within 1.0e−5 for every text');
  expect(heads.sure).toContain('To the mean of all tokens head 1.0 adds 0');
  // Two heads: the second looks at “dog” from position 3.
  const patterns = new Float64Array(2 * 16);
  patterns[16 + 3 * 4 + 2] = 0.75;
  const attention: Source = {
    arrays: new Arrays([array('patterns', { shown: 1, layer: 1, head: 2, query: 4, key: 4 }, Array.from(patterns))]),
    headlines: [],
  };
  const [, looking] = readOff({ ig: ig(), attention }, WORDS, 0);
  expect(looking.says).toBe('From there head 0.1 looks hardest at “dog”: 0.75 of its attention.');
  expect(looking.sure).toContain('Even attention would be 0.25. Looking is not using');
});

test('says which head all texts need, with its error and control; of a text that no metric has, nothing', () => {
  const ablation: Source = {
    arrays: new Arrays([]),
    headlines: [
      {
        ...{ key: 'head', name: 'ΔL without head 1.0', value: 0.312, unit: 'nats' },
        error: { value: 0.021, of: 'bootstrap of 4 items' },
        control: { name: 'the same set to its mean', value: 0.1 },
      },
    ],
  };
  const [needed] = readOff({ ablation }, WORDS, 0);
  expect(needed.says).toBe('Over all texts: ΔL without head 1.0: 0.312 ± 0.021 nats.');
  expect(needed.sure).toBe('± is one standard error, bootstrap of 4 items. The same set to its mean: 0.1000.');
  expect(readOff({ ig: ig() }, WORDS, 5)).toEqual([]);
});
