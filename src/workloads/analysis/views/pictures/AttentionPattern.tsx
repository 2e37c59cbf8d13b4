import { useDeferredValue, useMemo, useState } from 'react';
import { colouringOf, isDark } from '../../../../ui/charts/colour-scale.ts';
import { Figure } from '../../../../ui/charts/figure/Figure.tsx';
import { heatDrawing } from '../../../../ui/charts/heat/draw.ts';
import { HeatMap } from '../../../../ui/charts/heat/HeatMap.tsx';
import type { Heat } from '../../../../ui/charts/heat/layout.ts';
import { tokenText } from '../../../../ui/charts/pen.ts';
import { fixed } from '../../../../ui/format.ts';
import notes from '../../../../ui/shared/note.module.css';
import { useTokens } from '../../../../ui/shared/useTokens.ts';
import { ATTENTION, ATTENTION_LOG } from './head-patterns.ts';
import { LogSwitch } from './LogSwitch.tsx';
import type { AttentionPatternProps } from './props.ts';
import { strongestKeys } from './strongest-keys.ts';
import { TokenRow } from './TokenRow.tsx';

/** How much each query (row) attends to each key (column), and below it the text, its keys in the colours of the chosen query. */
export function AttentionPattern({ tokens, values, ...words }: AttentionPatternProps) {
  const theme = useTokens();
  const dark = isDark(theme);
  const count = tokens.length;
  const [query, setQuery] = useState(count - 1);
  const [byLog, setByLog] = useState(false);
  const [pointed, setPointed] = useState<number>();
  // Long texts are coloured anew behind the pointer, not before it.
  const shown = Math.min(useDeferredValue(pointed ?? query), count - 1);
  const heat = useMemo((): Heat => {
    const names = tokens.map(tokenText);
    const colouring = colouringOf(byLog ? ATTENTION_LOG : ATTENTION, [], dark);
    return {
      rows: names,
      columns: names,
      values,
      colouring,
      rowTitle: 'query',
      columnTitle: 'key',
      square: true,
      triangle: true,
      quantity: 'attention',
    };
  }, [tokens, values, dark, byLog]);
  const drawing = useMemo(() => heatDrawing(heat, theme), [heat, theme]);
  const keys = useMemo(
    () => Float64Array.from(tokens, (_, key) => (key > shown ? Number.NaN : values[shown * count + key])),
    [tokens, values, shown, count],
  );
  const name = (token: number) => `${token} “${tokenText(tokens[token])}”`;
  return (
    <Figure
      words={words}
      drawing={drawing}
      table={() => patternTable(tokens, values)}
      controls={<LogSwitch on={byLog} onChange={setByLog} />}
      testId="attention-pattern"
    >
      <HeatMap
        label={`Attention of ${count} queries by ${count} keys`}
        heat={heat}
        drawing={drawing}
        onSpot={(spot) => setPointed(spot?.row)}
        onChoose={({ row }) => setQuery(row)}
        hint="Point at a square, or use arrow keys; click or Enter keeps its query."
        words={({ row, column }) => (
          <>
            Query {name(row)} to key {name(column)}: <strong>{fixed(values[row * count + column], 4)}</strong>
          </>
        )}
      />
      <p className={notes.note}>
        Keys of query {name(shown)}, the strongest:{' '}
        {strongestKeys(keys, 3)
          .map((key) => `${name(key)} ${fixed(keys[key], 3)}`)
          .join(', ')}
        . Another token of the text makes it the query.
      </p>
      <TokenRow
        label="The text: choose a query"
        tokens={tokens}
        values={keys}
        colouring={heat.colouring}
        words={(key) => (key > shown ? 'comes after the query' : `attention ${fixed(keys[key], 3)}`)}
        chosen={shown}
        onChoose={setQuery}
        testId="pattern-keys"
      />
    </Figure>
  );
}

function patternTable(tokens: readonly string[], values: ArrayLike<number>) {
  return {
    columns: ['query', 'query token', 'key', 'key token', 'attention'],
    rows: tokens.flatMap((query, q) =>
      tokens.slice(0, q + 1).map((key, k) => [q, query, k, key, values[q * tokens.length + k]]),
    ),
  };
}
