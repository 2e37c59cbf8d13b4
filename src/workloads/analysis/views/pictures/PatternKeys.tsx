import { memo, useMemo } from 'react';
import type { Colouring } from '../../../../ui/charts/colour-scale.ts';
import { tokenText } from '../../../../ui/charts/pen.ts';
import { fixed } from '../../../../ui/format.ts';
import notes from '../../../../ui/shared/note.module.css';
import classes from './Pictures.module.css';
import { strongestKeys } from './strongest-keys.ts';
import { TokenRow } from './TokenRow.tsx';

interface PatternKeysProps {
  readonly tokens: readonly string[];
  /** [tokens][tokens] */
  readonly values: ArrayLike<number>;
  readonly query: number;
  readonly colouring: Colouring;
  readonly onQuery: (token: number) => void;
  /** Called with the token under the pointer. */
  readonly onPoint: (token: number | undefined) => void;
}

/** Keys named beside a query. */
const NAMED = 3;

/** The text, its tokens in the colours of what a query attends to. Drawn again for another query alone, since texts are long. */
export const PatternKeys = memo(function PatternKeys(props: PatternKeysProps) {
  const { tokens, values, query, colouring, onQuery, onPoint } = props;
  const keys = useMemo(
    () => Float64Array.from(tokens, (_, key) => (key > query ? Number.NaN : values[query * tokens.length + key])),
    [tokens, values, query],
  );
  const name = (token: number) => `${token} “${tokenText(tokens[token])}”`;
  const strongest = strongestKeys(keys, NAMED).map((key) => `${name(key)} ${fixed(keys[key], 3)}`);
  return (
    <>
      <p className={`${notes.note} ${classes.told}`}>
        Keys of query {name(query)}, the strongest: {strongest.join(', ')}. Point at another token to see its keys,
        choose it to keep them.
      </p>
      <TokenRow
        label="The text: choose a query"
        tokens={tokens}
        values={keys}
        colouring={colouring}
        chosen={query}
        onChoose={onQuery}
        onPoint={onPoint}
        testId="pattern-keys"
      />
    </>
  );
});
