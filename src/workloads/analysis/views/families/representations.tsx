import { useState } from 'react';
import { IndexSelect } from '../../../../ui/shared/IndexSelect.tsx';
import { BarsByTensor, Matrix } from '../pictures/index.ts';
import { linesOf } from '../words.ts';
import type { PicturesProps } from './family.ts';

const CKA = [
  {
    id: 'cka',
    label: 'debiased, tokens',
    definition:
      'Debiased linear CKA of two streams, rows = tokens: 1 for what is equal up to a rotation, 0 for what has nothing in common.',
  },
  {
    id: 'cka_pooled',
    label: 'debiased, texts',
    definition:
      'Debiased linear CKA with one row a text, the mean over its tokens. Beside it what chance gives: rows of one side permuted.',
  },
  {
    id: 'cka_models',
    label: 'against the other model',
    definition:
      'Debiased linear CKA of this model’s streams (rows) with those of the first checkpoint (columns), the same tokens.',
  },
  {
    id: 'cka_biased',
    label: 'biased (for comparison)',
    definition: 'The usual biased CKA of tokens: of independent numbers it is not 0, and grows with width over rows.',
  },
  {
    id: 'cka_minibatch',
    label: 'mean of minibatches',
    definition: 'HSIC₁ of each text as a batch, averaged (Nguyen et al. 2021): for comparison with papers.',
  },
] as const;

const RANKS = [
  { array: 'participation_ratio', label: '(Σλ)²/Σλ²' },
  { array: 'rank_of_singular_values', label: 'exp H(σ/Σσ)' },
  { array: 'rank_of_variances', label: 'exp H(λ/Σλ)' },
  { array: 'stable_rank', label: 'stable rank Σλ/λ₁' },
  { array: 'rank_bound', label: 'min(n − 1, d), the bound' },
] as const;

export function RepresentationPictures({ arrays, attributes, told, texts }: PicturesProps) {
  const [at, setAt] = useState(0);
  const sets = linesOf(attributes.sets);
  const there = CKA.filter(({ id }) => arrays.has(id));
  const { id, label, definition } = there[Math.min(at, there.length - 1)];
  const pooled = id === 'cka_pooled';
  const chance = told.headlines.find(({ key, control }) => key === 'ckaPooledEnds' && control)?.control;
  return (
    <>
      <Matrix
        title="How alike streams are"
        definition={definition}
        file={`representations-${id}`}
        rows={sets}
        columns={id === 'cka_models' ? [...sets] : undefined}
        values={arrays.of(id)}
        {...(arrays.has(`${id}_error`) && { errors: arrays.of(`${id}_error`) })}
        scale={{ kind: 'sequential', min: 0, max: 1 }}
        quantity={`CKA, ${label}`}
        n={pooled ? { count: texts.length, word: 'texts' } : { count: Number(attributes.rows), word: 'tokens' }}
        null={
          pooled && arrays.has('cka_null')
            ? { words: chance?.name ?? 'rows of one side permuted', values: arrays.of('cka_null') }
            : undefined
        }
        aside={
          <IndexSelect
            label="CKA"
            names={there.map((each) => each.label)}
            value={Math.min(at, there.length - 1)}
            onChange={setAt}
          />
        }
      />
      <BarsByTensor
        title="How many dimensions streams use"
        definition="Effective ranks of the centred rows under four formulas: which one must be said. None exceeds min(n − 1, d)."
        file="representations-ranks"
        names={sets}
        axis="dimensions"
        series={RANKS.map(({ array, label: name }) => ({
          ...{ label: name, values: arrays.of(array) },
          ...(arrays.has(`${array}_error`) && { errors: arrays.of(`${array}_error`) }),
        }))}
      />
    </>
  );
}
