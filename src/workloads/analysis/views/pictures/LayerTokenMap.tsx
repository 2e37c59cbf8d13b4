import { useMemo } from 'react';
import { colouringOf, isDark } from '../../../../ui/charts/colour-scale.ts';
import { Figure } from '../../../../ui/charts/figure/Figure.tsx';
import { heatDrawing } from '../../../../ui/charts/heat/draw.ts';
import { HeatMap } from '../../../../ui/charts/heat/HeatMap.tsx';
import type { Heat } from '../../../../ui/charts/heat/layout.ts';
import { tokenText } from '../../../../ui/charts/pen.ts';
import { useTokens } from '../../../../ui/shared/useTokens.ts';
import type { LayerTokenMapProps, MapQuantity } from './props.ts';
import { QuantitySelect } from './QuantitySelect.tsx';
import { useChosen } from './useChosen.ts';
import { numberWords } from './value-words.ts';

/** Layers × tokens; several quantities on the same axes by a switch. */
export function LayerTokenMap(props: LayerTokenMapProps) {
  const { tokens, quantities, quantity: givenId, onQuantity, chosen, onChoose, ...words } = props;
  const theme = useTokens();
  const dark = isDark(theme);
  const [id, setId] = useChosen(givenId, onQuantity, quantities[0].id);
  const [place, choose] = useChosen<{ readonly layer: number; readonly token: number } | undefined>(
    chosen,
    onChoose && ((spot) => spot && onChoose(spot)),
    undefined,
  );
  const quantity = quantities.find((each) => each.id === id) ?? quantities[0];
  const most = Math.max(...quantities.map(({ layers }) => layers.length));
  const heat = useMemo(
    (): Heat => ({
      rows: quantity.layers,
      columns: tokens.map(tokenText),
      values: quantity.values,
      colouring: colouringOf(quantity.scale, quantity.values, dark),
      columnTitle: 'token',
      upwards: true,
      quantity: nameOf(quantity),
      roomFor: most,
    }),
    [quantity, tokens, dark, most],
  );
  const drawing = useMemo(() => heatDrawing(heat, theme), [heat, theme]);
  return (
    <Figure
      words={quantity.note ? { ...words, notes: [...(words.notes ?? []), quantity.note] } : words}
      drawing={drawing}
      table={() => mapTable(tokens, quantity)}
      controls={<QuantitySelect quantities={quantities} value={quantity.id} onChange={setId} />}
      testId="layer-token-map"
    >
      <HeatMap
        label={`${quantity.label}: ${quantity.layers.length} layers by ${tokens.length} tokens`}
        heat={heat}
        drawing={drawing}
        chosen={place && { row: place.layer, column: place.token }}
        onChoose={({ row, column }) => choose({ layer: row, token: column })}
        words={({ row, column }) => (
          <>
            {quantity.layers[row]}, position {column}, “{tokenText(tokens[column])}”: {quantity.label}{' '}
            <strong>{cellWords(quantity, row * tokens.length + column)}</strong>
          </>
        )}
      />
    </Figure>
  );
}

const nameOf = ({ label, unit }: MapQuantity) => (unit ? `${label} (${unit})` : label);

function cellWords({ values, errors, unit, words }: MapQuantity, at: number): string {
  return words && !Number.isNaN(values[at]) ? words(values[at]) : numberWords(values[at], errors?.[at], unit);
}

/** A row a layer and token: with an error, where there is one. */
function mapTable(tokens: readonly string[], quantity: MapQuantity) {
  const { layers, values, errors } = quantity;
  const name = nameOf(quantity);
  return {
    columns: ['layer', 'position', 'token', name, ...(errors ? ['standard error'] : [])],
    rows: layers.flatMap((layer, l) =>
      tokens.map((token, t) => {
        const at = l * tokens.length + t;
        return [layer, t, token, values[at], ...(errors ? [errors[at]] : [])];
      }),
    ),
  };
}
