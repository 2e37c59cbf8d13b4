import { NativeSelect } from '@mantine/core';
import { useMemo, useState } from 'react';
import { Figure } from '../../../../ui/charts/figure/Figure.tsx';
import { useTokens } from '../../../../ui/shared/useTokens.ts';
import { LogSwitch } from './LogSwitch.tsx';
import { ContourView } from './landscape/ContourView.tsx';
import { contourDrawing } from './landscape/contour-drawing.ts';
import { fieldOf } from './landscape/field.ts';
import { FIRST_TURN } from './landscape/projection.ts';
import { SurfaceView } from './landscape/SurfaceView.tsx';
import { surfaceDrawing } from './landscape/surface-drawing.ts';
import type { LandscapeProps } from './props.ts';

/** Loss over a plane of parameters: contours or a surface that can be turned, of the same numbers. */
export function Landscape(props: LandscapeProps) {
  const { alpha, beta, loss, errors, directions, path, varianceInPlane, log = false, ...words } = props;
  const theme = useTokens();
  const [view, setView] = useState<'contours' | 'surface'>('contours');
  const [wished, setWished] = useState(log);
  const [turn, setTurn] = useState(FIRST_TURN);
  const field = useMemo(
    () => fieldOf({ alpha, beta, loss, path, directions }, wished),
    [alpha, beta, loss, path, directions, wished],
  );
  const drawing = useMemo(
    () => (view === 'contours' ? contourDrawing(field, theme) : surfaceDrawing(field, turn, theme)),
    [view, field, turn, theme],
  );
  const share = varianceInPlane === undefined ? [] : [shareOf(varianceInPlane)];
  return (
    <Figure
      words={{
        ...words,
        readings: [...(words.readings ?? []), ...share],
        notes: [...(words.notes ?? []), ...notesOf(field.broken, field.path.length > 0)],
      }}
      drawing={drawing}
      table={() => landscapeTable(props)}
      controls={
        <>
          <LogSwitch on={field.log} onChange={setWished} />
          <NativeSelect
            size="xs"
            aria-label="How the loss is drawn"
            value={view}
            data={['contours', 'surface']}
            onChange={(event) => setView(event.currentTarget.value as typeof view)}
          />
        </>
      }
      testId="landscape"
    >
      {view === 'contours' ? (
        <ContourView field={field} drawing={drawing} errors={errors} />
      ) : (
        <SurfaceView drawing={drawing} turn={turn} onTurn={setTurn} />
      )}
    </Figure>
  );
}

const shareOf = (share: number) => ({ name: 'variance of the path in the plane', value: 100 * share, unit: '%' });

function notesOf(broken: number, path: boolean): string[] {
  return [
    ...(path
      ? ['The path is projected on the plane; the colour of its points is their own loss, not that of the surface.']
      : []),
    ...(broken > 0 ? [`${broken} points have no finite loss and are drawn as high as the highest.`] : []),
  ];
}

function landscapeTable({ alpha, beta, loss, errors, path = [] }: LandscapeProps) {
  const points = path.map((point) => [
    point.label,
    point.alpha,
    point.beta,
    point.loss,
    ...(errors ? [undefined] : []),
  ]);
  const plane = Array.from({ length: alpha.length * beta.length }, (_, at) => [
    'plane',
    alpha[Math.floor(at / beta.length)],
    beta[at % beta.length],
    loss[at],
    ...(errors ? [errors[at]] : []),
  ]);
  return {
    columns: ['what', 'alpha', 'beta', 'loss', ...(errors ? ['error of the difference to the centre'] : [])],
    rows: [...points, ...plane],
  };
}
