import { useMemo, useState } from 'react';
import { colouringOf, isDark } from '../../../../ui/charts/colour-scale.ts';
import { Figure } from '../../../../ui/charts/figure/Figure.tsx';
import { heatDrawing } from '../../../../ui/charts/heat/draw.ts';
import { HeatMap } from '../../../../ui/charts/heat/HeatMap.tsx';
import type { Heat } from '../../../../ui/charts/heat/layout.ts';
import { tokenText } from '../../../../ui/charts/pen.ts';
import { useTokens } from '../../../../ui/shared/useTokens.ts';
import { LogSwitch } from './LogSwitch.tsx';
import type { JacobianMapProps } from './props.ts';
import { largestAbove } from './triangle.ts';
import { numberWords } from './value-words.ts';

/** Sensitivity of each position t (row) to the embedding of each s (column). Above the diagonal a causal model has exactly 0. */
export function JacobianMap({ tokens, values, errors, log = false, ...words }: JacobianMapProps) {
  const theme = useTokens();
  const dark = isDark(theme);
  const [byLog, setByLog] = useState(log);
  const count = tokens.length;
  const above = useMemo(() => largestAbove(values, count), [values, count]);
  const heat = useMemo((): Heat => {
    const names = tokens.map(tokenText);
    return {
      rows: names,
      columns: names,
      values,
      colouring: colouringOf({ kind: 'sequential', log: byLog, min: byLog ? undefined : 0 }, values, dark),
      rowTitle: 'of position t',
      columnTitle: 'to the embedding of s',
      square: true,
      triangle: above === 0,
      quantity: '‖J_ts‖_F',
    };
  }, [tokens, values, byLog, dark, above]);
  const drawing = useMemo(() => heatDrawing(heat, theme), [heat, theme]);
  const name = (token: number) => `${token} “${tokenText(tokens[token])}”`;
  const causal = { name: 'largest for s > t', value: above, tone: above === 0 ? 'good' : 'bad' } as const;
  return (
    <Figure
      words={{ ...words, controls: [...(words.controls ?? []), causal] }}
      drawing={drawing}
      table={() => jacobianTable(tokens, values, errors)}
      controls={<LogSwitch on={byLog} onChange={setByLog} />}
      testId="jacobian-map"
    >
      <HeatMap
        label={`Sensitivity of ${count} positions to ${count} embeddings`}
        heat={heat}
        drawing={drawing}
        words={({ row, column }) => (
          <>
            Position {name(row)} to the embedding of {name(column)}:{' '}
            <strong>{numberWords(values[row * count + column], errors?.[row * count + column])}</strong>
          </>
        )}
      />
    </Figure>
  );
}

function jacobianTable(tokens: readonly string[], values: ArrayLike<number>, errors: ArrayLike<number> | undefined) {
  return {
    columns: ['t', 'token t', 's', 'token s', '‖J_ts‖_F', ...(errors ? ['standard error'] : [])],
    rows: tokens.flatMap((of, t) =>
      tokens.map((to, s) => {
        const at = t * tokens.length + s;
        return [t, of, s, to, values[at], ...(errors ? [errors[at]] : [])];
      }),
    ),
  };
}
