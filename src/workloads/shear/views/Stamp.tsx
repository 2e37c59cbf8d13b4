import { useCallback, useEffect, useState } from 'react';
import { type ColormapName, colormap, paint } from '../../../ui/charts/colormap.ts';
import { plain } from '../../../ui/format.ts';
import { Canvas } from '../../../ui/shared/Canvas.tsx';
import classes from './Stamps.module.css';

interface StampProps {
  readonly title: string;
  readonly values: Float32Array;
  readonly nx: number;
  readonly ny: number;
  readonly min: number;
  readonly max: number;
  readonly map: ColormapName;
}

/** One image of nx × ny pixels with its scale and, under the pointer, a pixel's value. Row 0 is drawn at the bottom, as in FITS. */
export function Stamp({ title, values, nx, ny, min, max, map }: StampProps) {
  const [pixel, setPixel] = useState<{ x: number; y: number }>();
  const draw = useCallback(
    (context: CanvasRenderingContext2D, width: number, height: number) => {
      const image = document.createElement('canvas');
      image.width = nx;
      image.height = ny;
      image.getContext('2d')!.putImageData(new ImageData(paint(values, min, max, map), nx, ny), 0, 0);
      context.imageSmoothingEnabled = false;
      context.translate(0, height);
      context.scale(1, -1);
      context.drawImage(image, 0, 0, width, height);
    },
    [values, nx, ny, min, max, map],
  );
  const value = pixel === undefined ? undefined : values[pixel.y * nx + pixel.x];
  return (
    <figure className={classes.stamp}>
      <figcaption className={classes.title}>{title}</figcaption>
      <Canvas
        label={`${title}: ${nx} by ${ny} pixels, values from ${plain(min, 3)} to ${plain(max, 3)}`}
        height="square"
        draw={draw}
        className={classes.image}
        onPoint={(point) =>
          setPixel(
            point && {
              x: Math.min(nx - 1, Math.max(0, Math.floor((point.x / point.width) * nx))),
              y: Math.min(ny - 1, Math.max(0, Math.floor((1 - point.y / point.height) * ny))),
            },
          )
        }
      />
      <ColorBar min={min} max={max} map={map} />
      <div className={classes.readout}>
        {pixel && value !== undefined ? `(${pixel.x}, ${pixel.y}): ${plain(value, 4)}` : ' '}
      </div>
    </figure>
  );
}

function ColorBar({ min, max, map }: { readonly min: number; readonly max: number; readonly map: ColormapName }) {
  const [gradient, setGradient] = useState('');
  useEffect(() => {
    const table = colormap(map);
    const stops = Array.from({ length: 16 }, (_, i) => {
      const at = 4 * Math.round((i / 15) * 255);
      return `rgb(${table[at]} ${table[at + 1]} ${table[at + 2]})`;
    });
    setGradient(`linear-gradient(90deg, ${stops.join(', ')})`);
  }, [map]);
  return (
    <div className={classes.scale}>
      <div className={classes.bar} style={{ background: gradient }} />
      <div className={classes.ends}>
        <span>{plain(min, 3)}</span>
        <span>{plain((min + max) / 2, 2)}</span>
        <span>{plain(max, 3)}</span>
      </div>
    </div>
  );
}
