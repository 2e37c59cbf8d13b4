import { useCallback, useMemo } from 'react';
import { Figure } from '../../../../ui/charts/figure/Figure.tsx';
import { PlacePicture } from '../../../../ui/charts/figure/PlacePicture.tsx';
import type { Pen } from '../../../../ui/charts/pen.ts';
import { plain } from '../../../../ui/format.ts';
import { useTokens } from '../../../../ui/shared/useTokens.ts';
import { EigenvalueList } from './EigenvalueList.tsx';
import classes from './Pictures.module.css';
import type { Eigenvalue, SpectrumProps } from './props.ts';
import { markSpectrum, spectrumDrawing, spectrumFrame } from './spectrum-drawing.ts';

/** Eigenvalue density, logarithmic, with its band and the Ritz values as ticks; beside it the ends of the spectrum as numbers. */
export function Spectrum(props: SpectrumProps) {
  const { grid, density, sd, probes, sigma, exact, ritz, top, bottom, negative, of, ...words } = props;
  const theme = useTokens();
  const data = useMemo(
    () => ({ grid, density, sd, exact, ritz, probes, of }),
    [grid, density, sd, exact, ritz, probes, of],
  );
  const drawing = useMemo(() => spectrumDrawing(data, theme), [data, theme]);
  const places = useCallback(
    (width: number) => {
      const { x } = spectrumFrame(data, width);
      return Float64Array.from(grid, x);
    },
    [data, grid],
  );
  const mark = useCallback(
    (pen: Pen, width: number, _: number, place: number) => markSpectrum(pen, data, width, place, theme),
    [data, theme],
  );
  const readings = [...(words.readings ?? []), ...(negative ? [negative] : [])];
  const notes = [...(words.notes ?? []), `Each eigenvalue is smoothed by a Gaussian of σ = ${plain(sigma, 3)}.`];
  return (
    <Figure
      words={{ ...words, readings, notes }}
      drawing={drawing}
      table={() => spectrumTable(props)}
      testId="spectrum"
    >
      <div className={classes.wideBeside}>
        <PlacePicture
          label={`Density of the eigenvalues of the ${of}, from ${plain(grid[0], 3)} to ${plain(grid[grid.length - 1], 3)}`}
          drawing={drawing}
          places={places}
          mark={mark}
          words={(place) => (
            <>
              Eigenvalue {plain(grid[place], 4)}: density <strong>{plain(density[place], 3)}</strong>
              {sd && ` ± ${plain(sd[place], 2)}`}
              {exact && `, exact ${plain(exact[place], 3)}`}
              {ritz && nearestWords(ritz, grid[place])}
            </>
          )}
        />
        <div>
          <EigenvalueList title="Largest" values={top} />
          {bottom.length > 0 && <EigenvalueList title="Smallest" values={bottom} />}
        </div>
      </div>
    </Figure>
  );
}

function nearestWords(ritz: readonly Eigenvalue[], at: number): string {
  if (ritz.length === 0) return '';
  const near = ritz.reduce((best, each) => (Math.abs(each.value - at) < Math.abs(best.value - at) ? each : best));
  return `; nearest Ritz value ${plain(near.value, 5)} ± ${plain(near.bound, 2)}`;
}

function spectrumTable({ grid, density, sd, exact, ritz = [], top, bottom }: SpectrumProps) {
  const eigen = (what: string, values: readonly Eigenvalue[]) =>
    values.map(({ value, bound, weight }) => [what, value, undefined, undefined, undefined, bound, weight]);
  return {
    columns: ['what', 'eigenvalue', 'density', 'sd between probes', 'exact density', 'residual bound', 'weight'],
    rows: [
      ...eigen('largest', top),
      ...eigen('smallest', bottom),
      ...eigen('Ritz value', ritz),
      ...Array.from({ length: grid.length }, (_, i) => [
        'density',
        grid[i],
        density[i],
        sd?.[i],
        exact?.[i],
        undefined,
        undefined,
      ]),
    ],
  };
}
