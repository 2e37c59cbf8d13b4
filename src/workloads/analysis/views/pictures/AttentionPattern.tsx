import { useDeferredValue, useMemo, useState } from 'react';
import { colouringOf, isDark } from '../../../../ui/charts/colour-scale.ts';
import { Figure } from '../../../../ui/charts/figure/Figure.tsx';
import { heatDrawing } from '../../../../ui/charts/heat/draw.ts';
import { HeatMap } from '../../../../ui/charts/heat/HeatMap.tsx';
import type { Heat } from '../../../../ui/charts/heat/layout.ts';
import { tokenText } from '../../../../ui/charts/pen.ts';
import { fixed } from '../../../../ui/format.ts';
import { useTokens } from '../../../../ui/shared/useTokens.ts';
import { ATTENTION, ATTENTION_LOG } from './head-patterns.ts';
import { LogSwitch } from './LogSwitch.tsx';
import { PatternKeys } from './PatternKeys.tsx';
import type { AttentionPatternProps } from './props.ts';
import { strongestKey } from './strongest-keys.ts';

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
  const marked = useMemo(() => ({ row: shown, column: strongestKey(values, count, shown) }), [values, count, shown]);
  const drawing = useMemo(() => heatDrawing(heat, theme), [heat, theme]);
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
        chosen={marked}
        onSpot={(spot) => setPointed(spot?.row)}
        onChoose={({ row }) => setQuery(row)}
        words={({ row, column }) => (
          <>
            Query {name(row)} to key {name(column)}: <strong>{fixed(values[row * count + column], 4)}</strong>
          </>
        )}
      />
      <PatternKeys
        tokens={tokens}
        values={values}
        query={shown}
        colouring={heat.colouring}
        onQuery={setQuery}
        onPoint={setPointed}
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
