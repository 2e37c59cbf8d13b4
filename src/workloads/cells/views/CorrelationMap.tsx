import { useCallback, useState } from 'react';
import { paint } from '../../../ui/charts/colormap.ts';
import { Canvas } from '../../../ui/shared/Canvas.tsx';
import { useTokens } from '../../../ui/shared/useTokens.ts';
import classes from './Cells.module.css';

/** Correlations are drawn up to here; few genes go together more. */
export const STRONGEST = 0.6;

interface CorrelationMapProps {
  /** "Real cells". */
  readonly title: string;
  /** [n][n] */
  readonly correlation: Float32Array | undefined;
  /** Of the n genes, in order. */
  readonly names: readonly string[];
  /** In the place of a picture that is not there. */
  readonly awaited: string;
  /** Below the picture. */
  readonly children?: React.ReactNode;
}

/** Which genes go together: blue where one is low when the other is high, red where both are high together. */
export function CorrelationMap({ title, correlation, names, awaited, children }: CorrelationMapProps) {
  const theme = useTokens();
  const [spot, setSpot] = useState<readonly [number, number]>();
  const n = names.length;
  const draw = useCallback(
    (context: CanvasRenderingContext2D, width: number, height: number) => {
      context.fillStyle = theme.well;
      context.fillRect(0, 0, width, height);
      if (!correlation) return;
      const image = document.createElement('canvas');
      image.width = n;
      image.height = n;
      const shown = correlation.map((value, i) => (i % (n + 1) === 0 ? Number.NaN : value));
      image
        .getContext('2d')!
        .putImageData(new ImageData(paint(shown, -STRONGEST, STRONGEST, 'difference'), n, n), 0, 0);
      context.imageSmoothingEnabled = false;
      context.drawImage(image, 0, 0, width, height);
    },
    [correlation, n, theme],
  );
  const at = spot && correlation ? correlation[spot[0] * n + spot[1]] : undefined;
  return (
    <figure className={classes.square}>
      <figcaption>{title}</figcaption>
      <Canvas
        label={correlation ? `${title}: correlations of ${n} genes` : `${title}: ${awaited}`}
        height="square"
        draw={draw}
        className={classes.squareCanvas}
        onPoint={(point) =>
          setSpot(
            point && [
              Math.max(0, Math.min(n - 1, Math.floor((point.y / point.height) * n))),
              Math.max(0, Math.min(n - 1, Math.floor((point.x / point.width) * n))),
            ],
          )
        }
      />
      <p className={classes.pair}>
        {at !== undefined && spot
          ? spot[0] === spot[1]
            ? names[spot[0]]
            : `${names[spot[0]]} with ${names[spot[1]]}: ${at.toFixed(2).replace('-', '−')}`
          : correlation
            ? ''
            : awaited}
      </p>
      {children}
    </figure>
  );
}
