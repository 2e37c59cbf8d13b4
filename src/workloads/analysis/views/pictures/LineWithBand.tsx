import { useCallback, useMemo } from 'react';
import { Figure } from '../../../../ui/charts/figure/Figure.tsx';
import { PlacePicture } from '../../../../ui/charts/figure/PlacePicture.tsx';
import type { Pen } from '../../../../ui/charts/pen.ts';
import { plain } from '../../../../ui/format.ts';
import { useTokens } from '../../../../ui/shared/useTokens.ts';
import { linesDrawing, linesFrame, markLines } from './lines-drawing.ts';
import type { LineWithBandProps } from './props.ts';
import { numberWords } from './value-words.ts';

/** Lines over a shared x with a band each. */
export function LineWithBand(props: LineWithBandProps) {
  const { x, xLabel, yLabel, lines, xLog, yLog, band, ...words } = props;
  const theme = useTokens();
  const data = useMemo(
    () => ({ x, xLabel, yLabel, lines, xLog, yLog, band }),
    [x, xLabel, yLabel, lines, xLog, yLog, band],
  );
  const drawing = useMemo(() => linesDrawing(data, theme), [data, theme]);
  const places = useCallback((width: number) => Float64Array.from(x, linesFrame(data, width).x), [data, x]);
  const mark = useCallback(
    (pen: Pen, width: number, _: number, place: number) => markLines(pen, data, width, place, theme),
    [data, theme],
  );
  return (
    <Figure words={words} drawing={drawing} table={() => linesTable(props)} testId="line-with-band">
      <PlacePicture
        label={`${yLabel} over ${xLabel}: ${lines.map(({ label }) => label).join(', ')}`}
        drawing={drawing}
        places={places}
        mark={mark}
        words={(place) => (
          <>
            {xLabel} {plain(x[place], 4)}:{' '}
            {lines.map(({ label, values, errors }, i) => (
              <span key={label}>
                {i > 0 && ', '}
                {label} <strong>{numberWords(values[place], errors?.[place])}</strong>
              </span>
            ))}
          </>
        )}
      />
    </Figure>
  );
}

function linesTable({ x, xLabel, lines }: LineWithBandProps) {
  return {
    columns: [
      xLabel,
      ...lines.flatMap(({ label, errors }) => (errors ? [label, `${label}, half width of the band`] : [label])),
    ],
    rows: Array.from({ length: x.length }, (_, i) => [
      x[i],
      ...lines.flatMap(({ values, errors }) => (errors ? [values[i], errors[i]] : [values[i]])),
    ]),
  };
}
