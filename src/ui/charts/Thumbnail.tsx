import { useCallback } from 'react';
import { Canvas } from '../shared/Canvas.tsx';
import { paint } from './colormap.ts';
import classes from './Thumbnail.module.css';

interface ThumbnailProps {
  readonly name: string;
  readonly values: Float32Array;
  readonly nx: number;
  readonly ny: number;
  readonly min: number;
  readonly max: number;
}

/** A small picture of nx × ny values. Row 0 is drawn at the bottom, as in FITS. */
export function Thumbnail({ name, values, nx, ny, min, max }: ThumbnailProps) {
  const draw = useCallback(
    (context: CanvasRenderingContext2D, width: number, height: number) => {
      const image = document.createElement('canvas');
      image.width = nx;
      image.height = ny;
      image.getContext('2d')!.putImageData(new ImageData(paint(values, min, max, 'amount'), nx, ny), 0, 0);
      context.imageSmoothingEnabled = false;
      context.translate(0, height);
      context.scale(1, -1);
      context.drawImage(image, 0, 0, width, height);
    },
    [values, nx, ny, min, max],
  );
  return <Canvas label={`${name}: ${nx} by ${ny}`} height="square" draw={draw} className={classes.image} />;
}

/** Of all values of all pictures. */
export function rangeOf(pictures: readonly Float32Array[]): { min: number; max: number } {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const picture of pictures) {
    for (const value of picture) {
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
  }
  return { min, max };
}

/** Each with its number, from 0: what has no name but its place. */
export function numbered<T>(values: readonly T[]): readonly { readonly i: number; readonly value: T }[] {
  return values.map((value, i) => ({ i, value }));
}
