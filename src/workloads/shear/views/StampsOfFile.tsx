import { useMemo } from 'react';
import { numbered, rangeOf, Thumbnail } from '../../../ui/charts/Thumbnail.tsx';
import { plain } from '../../../ui/format.ts';
import { useStore } from '../../../ui/state/store.ts';
import type { FileReply } from '../../../worker/file-reply.ts';
import type { ParamValues } from '../../params.ts';
import type { ShearParams } from '../params.ts';
import type { StampPreview } from '../stamp-preview.ts';
import classes from './StampsOfFile.module.css';

/** Stamps in a row. */
const COLUMNS = 3;
/** Standard deviations of the noise up to which the stretch is nearly linear. */
const LINEAR_SIGMAS = 3;
/** Full width of a Gaussian at half of its peak, over its standard deviation: 2 √(2 ln 2). */
const FWHM_OF_SIGMA = 2 * Math.sqrt(2 * Math.LN2);

/** The first of the user's stamps, faint light stretched so that it shows, with a bar and the PSF's width in their scale. */
export default function StampsOfFile({ file }: { readonly file: FileReply }) {
  const { n, ny, nx, stamps, level, noise } = file.preview as StampPreview;
  const given = useStore((store) => store.config.params);
  const stated = useStore((store) => store.plan?.stated);
  // Valid by the table, as all of the form is.
  const params = {
    ...given,
    ...Object.fromEntries((stated ?? []).map(({ key, value }) => [key, value])),
  } as ParamValues & ShearParams;
  const { pixelScaleArcsec: scale, psf, psfSigmaArcsec, psfFwhmArcsec } = params;
  const fwhm = psf === 'gaussian' ? FWHM_OF_SIGMA * psfSigmaArcsec : psfFwhmArcsec;
  const stretched = useMemo(() => {
    const soft = LINEAR_SIGMAS * noise || 1;
    return stamps.map((stamp) => stamp.map((value) => Math.asinh((value - level) / soft)));
  }, [stamps, level, noise]);
  const shown = rangeOf(stretched);
  const { min, max } = rangeOf(stamps);
  const bar = barOf(nx * scale);
  const width = (arcsec: number) => `${(100 * arcsec) / (nx * scale) / COLUMNS}%`;
  return (
    <div className={classes.preview}>
      <div className={classes.row}>
        {numbered(stretched).map(({ i, value }) => (
          <Thumbnail key={i} name={`Stamp ${i}`} values={value} nx={nx} ny={ny} {...shown} />
        ))}
      </div>
      <div className={classes.scale}>
        <span className={classes.mark}>
          <span className={classes.bar} style={{ width: width(bar) }} />
          {figure(bar)} arcsec, at {figure(scale)} a pixel
        </span>
        <span className={classes.mark}>
          <span className={classes.psf} style={{ width: width(fwhm) }} />
          PSF, FWHM {figure(fwhm)} arcsec
        </span>
        <span>
          {stamps.length < n && `The first ${stamps.length} of ${n}. `}Values {plain(min, 3)} to {plain(max, 3)}, asinh
          stretch.
        </span>
      </div>
    </div>
  );
}

function figure(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** The largest of 1, 2, 5, 10, … that is a third of the width at most. */
function barOf(width: number): number {
  const power = 10 ** Math.floor(Math.log10(width / 3));
  return [5, 2, 1].map((digit) => digit * power).find((length) => length <= width / 3)!;
}
