import { useMemo, useState } from 'react';
import { colourBarDrawing } from '../../../../ui/charts/colour-bar.ts';
import { colouringOf, isDark } from '../../../../ui/charts/colour-scale.ts';
import figure from '../../../../ui/charts/figure/Figure.module.css';
import { Figure } from '../../../../ui/charts/figure/Figure.tsx';
import { Picture } from '../../../../ui/charts/figure/Picture.tsx';
import { tokenText } from '../../../../ui/charts/pen.ts';
import { useTokens } from '../../../../ui/shared/useTokens.ts';
import type { Reading, TokenQuantity, TokenStripProps } from './props.ts';
import { QuantitySelect } from './QuantitySelect.tsx';
import { stripDrawing } from './strip-drawing.ts';
import { TokenRow } from './TokenRow.tsx';
import { useChosen } from './useChosen.ts';
import { numberWords } from './value-words.ts';

/** Above this share of f(e) − f(b), attributions do not add up. */
const COMPLETE = 0.01;

/** One text, its tokens in the colour of their value. */
export function TokenStrip({ tokens, quantities, target, chosen: given, onChoose, ...words }: TokenStripProps) {
  const theme = useTokens();
  const [id, setId] = useState(quantities[0].id);
  const [chosen, choose] = useChosen(given, onChoose, target ?? 0);
  const [pointed, setPointed] = useState<number>();
  const quantity = quantities.find((each) => each.id === id) ?? quantities[0];
  const { label, values, errors, unit } = quantity;
  const name = unit ? `${label} (${unit})` : label;
  const dark = isDark(theme);
  const colouring = useMemo(() => colouringOf(quantity.scale, values, dark), [quantity.scale, values, dark]);
  const bar = useMemo(() => colourBarDrawing(colouring, theme, name), [colouring, theme, name]);
  const drawing = useMemo(
    () => stripDrawing({ tokens, values, colouring, quantity: name, target }, theme),
    [tokens, values, colouring, name, target, theme],
  );
  const wordsOf = (token: number) => numberWords(values[token], errors?.[token], unit);
  const at = Math.min(pointed ?? chosen, tokens.length - 1);
  return (
    <Figure
      words={{ ...words, readings: [...(words.readings ?? []), ...completenessOf(quantity)] }}
      drawing={drawing}
      table={() => stripTable(tokens, quantities)}
      controls={<QuantitySelect quantities={quantities} value={quantity.id} onChange={setId} />}
      testId="token-strip"
    >
      <TokenRow
        label={`Tokens by ${label}`}
        tokens={tokens}
        values={values}
        colouring={colouring}
        words={wordsOf}
        chosen={chosen}
        onChoose={choose}
        onPoint={setPointed}
        target={target}
      />
      <p className={figure.spot} data-testid="token-spot">
        Position {at}, “{tokenText(tokens[at])}”{at === target && ' (its prediction is attributed)'}: {label}{' '}
        <strong>{wordsOf(at)}</strong>
      </p>
      <Picture label={`Colours of ${name}`} drawing={bar} />
    </Figure>
  );
}

/** How well a quantity adds up, as numbers of the figure. */
export function completenessOf({ completeness, unit }: TokenQuantity): Reading[] {
  if (!completeness) return [];
  const { delta, share } = completeness;
  const tone = share > COMPLETE ? 'bad' : undefined;
  return [
    { name: 'completeness δ = Σa − (f(e) − f(b))', value: delta, unit, tone },
    { name: '|δ| / |f(e) − f(b)|', value: 100 * share, unit: '%', tone },
  ];
}

function stripTable(tokens: readonly string[], quantities: readonly TokenQuantity[]) {
  const columns = quantities.flatMap(({ label, unit, errors }) => {
    const name = unit ? `${label} (${unit})` : label;
    return errors ? [name, `${name}, standard error`] : [name];
  });
  return {
    columns: ['position', 'token', ...columns],
    rows: tokens.map((token, i) => [
      i,
      token,
      ...quantities.flatMap(({ values, errors }) => (errors ? [values[i], errors[i]] : [values[i]])),
    ]),
  };
}
