import { useCallback, useMemo, useState } from 'react';
import { Figure } from '../../../../ui/charts/figure/Figure.tsx';
import { PlacePicture } from '../../../../ui/charts/figure/PlacePicture.tsx';
import type { Pen } from '../../../../ui/charts/pen.ts';
import { useTokens } from '../../../../ui/shared/useTokens.ts';
import { type Bars, barsDrawing, barsLayout, markBar } from './bars-drawing.ts';
import { LogSwitch } from './LogSwitch.tsx';
import classes from './Pictures.module.css';
import type { BarsByTensorProps } from './props.ts';
import { shortNames } from './short-names.ts';
import { numberWords } from './value-words.ts';

/** Horizontal bars by tensor or layer, with error bars; many of them scroll in their own box. */
export function BarsByTensor({ names, series, axis, log = false, marks, ...words }: BarsByTensorProps) {
  const theme = useTokens();
  const [wished, setWished] = useState(log);
  const positive = series.every(({ values }) => Array.from(values).every((value) => Number.isNaN(value) || value > 0));
  const byLog = wished && positive;
  const bars = useMemo(
    (): Bars => ({ names: shortNames(names), series, axis, marks, log: byLog }),
    [names, series, axis, marks, byLog],
  );
  const drawing = useMemo(() => barsDrawing(bars, theme), [bars, theme]);
  const places = useCallback(
    (width: number) => {
      const { top, line } = barsLayout(bars, width);
      return Float64Array.from(names, (_, i) => top + (i + 0.5) * line);
    },
    [bars, names],
  );
  const mark = useCallback(
    (pen: Pen, width: number, _: number, place: number) => markBar(pen, bars, width, place, theme),
    [bars, theme],
  );
  return (
    <Figure
      words={words}
      drawing={drawing}
      table={() => barsTable(names, series)}
      controls={<LogSwitch on={byLog} onChange={setWished} disabled={!positive} />}
      testId="bars-by-tensor"
    >
      <PlacePicture
        label={`${axis} of ${names.length} tensors or layers`}
        drawing={drawing}
        places={places}
        down
        mark={mark}
        className={classes.tall}
        hint="Point at a bar, or use up and down."
        words={(place) => (
          <>
            {names[place]}:{' '}
            {series.map(({ label, values, errors }, s) => (
              <span key={label}>
                {s > 0 && ', '}
                {series.length > 1 && `${label} `}
                <strong>{numberWords(values[place], errors?.[place])}</strong>
              </span>
            ))}
          </>
        )}
      />
    </Figure>
  );
}

function barsTable(names: readonly string[], series: BarsByTensorProps['series']) {
  return {
    columns: [
      'name',
      ...series.flatMap(({ label, errors }) => (errors ? [label, `${label}, standard error`] : [label])),
    ],
    rows: names.map((name, i) => [
      name,
      ...series.flatMap(({ values, errors }) => (errors ? [values[i], errors[i]] : [values[i]])),
    ]),
  };
}
