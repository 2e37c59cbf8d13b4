import { useCallback } from 'react';
import { paint } from '../../../ui/charts/colormap.ts';
import { plain } from '../../../ui/format.ts';
import { Canvas } from '../../../ui/shared/Canvas.tsx';
import { useStore } from '../../../ui/state/store.ts';
import type { FileReply } from '../../../worker/file-reply.ts';
import type { StampPreview } from '../stamp-preview.ts';
import classes from './StampsOfFile.module.css';

/** The first of the user's stamps, on one scale of values, with a bar that says how large they are on the sky. */
export default function StampsOfFile({ file }: { readonly file: FileReply }) {
  const { n, ny, nx, stamps } = file.preview as StampPreview;
  const scale = useStore(({ config, plan }) => {
    const stated = plan?.stated.find(({ key }) => key === 'pixelScaleArcsec');
    return Number(stated?.value ?? config.params.pixelScaleArcsec);
  });
  const { min, max } = rangeOf(stamps);
  const bar = barOf(nx * scale);
  return (
    <div className={classes.preview}>
      <div className={classes.row}>
        {numbered(stamps).map(({ i, value }) => (
          <Thumbnail key={i} name={`Stamp ${i}`} values={value} nx={nx} ny={ny} min={min} max={max} />
        ))}
      </div>
      <div className={classes.scale}>
        <span className={classes.bar} style={{ width: `${(100 * bar) / (nx * scale) / COLUMNS}%` }} />
        <span>
          {plain(bar, 3)} arcsec at {plain(scale, 4)} a pixel ·{' '}
          {stamps.length < n && `the first ${stamps.length} of ${n} · `}
          values {plain(min, 3)} to {plain(max, 3)}
        </span>
      </div>
    </div>
  );
}

/** Stamps in a row. */
const COLUMNS = 3;

interface ThumbnailProps {
  readonly name: string;
  readonly values: Float32Array;
  readonly nx: number;
  readonly ny: number;
  readonly min: number;
  readonly max: number;
}

/** Row 0 is drawn at the bottom, as in FITS. */
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
  return <Canvas label={`${name}: ${nx} by ${ny} pixels`} height="square" draw={draw} className={classes.stamp} />;
}

export function rangeOf(stamps: readonly Float32Array[]): { min: number; max: number } {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const stamp of stamps) {
    for (const value of stamp) {
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
  }
  return { min, max };
}

/** Each with its number, from 0. */
export function numbered<T>(values: readonly T[]): readonly { readonly i: number; readonly value: T }[] {
  return values.map((value, i) => ({ i, value }));
}

/** The largest of 1, 2, 5, 10, … that is a third of the width at most. */
function barOf(width: number): number {
  const power = 10 ** Math.floor(Math.log10(width / 3));
  return [5, 2, 1].map((digit) => digit * power).find((length) => length <= width / 3)!;
}
