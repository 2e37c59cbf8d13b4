/** The facts of a FITS file's headers: scale and orientation of its coordinates, and what keywords say of the noise. */
import { FileError } from './file-error.ts';
import type { FitsHeader } from './fits-header.ts';
import { readWcs } from './fits-wcs.ts';
import type { HeaderFact, HeaderFacts } from './header-facts.ts';

const PIXEL_SCALE = ['GS_SCALE', 'PIXSCALE', 'PIXSCAL1', 'PIXELSCL', 'SECPIX', 'SECPIX1'];
const NOISE = [
  'NOISE',
  'NOISESIG',
  'SIGNOISE',
  'SKYRMS',
  'SKYSIG',
  'SKYSIGMA',
  'BKGRMS',
  'BACKRMS',
  'BKGSIG',
  'BGNOISE',
];
const NOISE_VARIANCE = ['NOISEVAR', 'VARNOISE', 'SKYVAR', 'BKGVAR', 'BACKVAR'];
const READ_NOISE = ['RDNOISE', 'READNOIS', 'READNSE', 'RON', 'ENOISE'];
const GAIN = ['GAIN', 'EGAIN', 'CCDGAIN', 'ATODGAIN'];
const EXPOSURE = ['EXPTIME', 'EXPOSURE', 'TEXPTIME'];
/** GalSim's coordinates whose scale is the same everywhere; of others GS_SCALE is but nominal. */
const UNIFORM = ['PixelScale', 'OffsetWCS'];

/** Differences that are rounding, or the projection's between two places of one exposure. */
const SAME_SCALE = 2e-3;
const SAME_ANGLE_DEG = 0.5;
/** A scale in two keywords may differ by what telescopes round a nominal value by. */
const SAME_NOMINAL = 2e-2;

interface Unit {
  readonly index: number;
  readonly header: FitsHeader;
}

/**
 * The facts that all units share.
 * @throws FileError where units, or two keywords of one, contradict each other
 */
export function headerFacts(file: string, primary: FitsHeader, units: readonly Unit[]): HeaderFacts {
  const [first, ...others] = units.map(({ index, header }) => ({ index, facts: factsOf(file, primary, header) }));
  for (const { index, facts } of others) {
    const differs = difference(first.facts, facts);
    if (differs) {
      throw new FileError(
        file,
        `its images differ in ${differs} (HDU ${first.index} and HDU ${index})`,
        'Fit them apart: write a file for each, or choose one with --hdu.',
      );
    }
  }
  return first.facts;
}

function factsOf(file: string, primary: FitsHeader, own: FitsHeader): HeaderFacts {
  // What holds for the exposure stands in the primary header.
  const all: FitsHeader = new Map([...primary, ...own]);
  const wcs = readWcs(own);
  const stated = positive(own.has('GS_WCS') ? own : all, PIXEL_SCALE);
  const uniform = stated?.source !== 'GS_SCALE' || !own.has('GS_WCS') || UNIFORM.includes(String(own.get('GS_WCS')));
  if (stated && wcs.scale && uniform && !near(stated.value, wcs.scale.value, SAME_NOMINAL)) {
    throw new FileError(
      file,
      `its header says two pixel scales: ${figure(stated.value)} arcsec (${stated.source}) and ${figure(wcs.scale.value)} arcsec (${wcs.scale.source})`,
      'Correct or remove the one that is wrong.',
    );
  }
  const nominal = stated && uniform ? stated : undefined;
  const variance = positive(all, NOISE_VARIANCE);
  return {
    // A matrix is what the image was made with; of other keywords only GalSim's is.
    scale: nominal?.source === 'GS_SCALE' ? nominal : (wcs.scale ?? nominal),
    orientation: wcs.orientation,
    noise:
      positive(all, NOISE) ??
      (variance && { value: Math.sqrt(variance.value), source: `square root of ${variance.source}` }),
    leastNoise: readNoise(all),
    remarks: wcs.remarks,
  };
}

/** Read noise is stated in electrons; undefined where the header does not say how the image's unit follows from them. */
function readNoise(header: FitsHeader): HeaderFact | undefined {
  const electrons = positive(header, READ_NOISE);
  const [, counts, rate] =
    /^(ELECTRONS?|E-|ADU|DN|COUNTS?)(\s*\/\s*(?:S|SEC)|\s+S-1|\s+S\*\*-1)?$/.exec(
      String(header.get('BUNIT') ?? '')
        .trim()
        .toUpperCase(),
    ) ?? [];
  if (!electrons || !counts) return undefined;
  const gain = positive(header, GAIN);
  const exposure = positive(header, EXPOSURE);
  const inElectrons = counts.startsWith('E');
  if ((!inElectrons && !gain) || (rate && !exposure)) return undefined;
  const parts = [electrons, ...(inElectrons ? [] : [gain!]), ...(rate ? [exposure!] : [])];
  const [value, ...divisors] = parts.map(({ value }) => value);
  return {
    value: divisors.reduce((quotient, divisor) => quotient / divisor, value),
    source: parts.map(({ source }) => source).join(' / '),
  };
}

/** The first keyword with a number above 0. */
function positive(header: FitsHeader, keys: readonly string[]): HeaderFact | undefined {
  for (const source of keys) {
    const value = header.get(source);
    if (typeof value === 'number' && value > 0 && Number.isFinite(value)) return { value, source };
  }
  return undefined;
}

/** In what two units contradict each other, in words. */
function difference(a: HeaderFacts, b: HeaderFacts): string | undefined {
  if (!near(a.scale?.value, b.scale?.value, SAME_SCALE)) {
    return `their pixel scale: ${figure(a.scale?.value)} and ${figure(b.scale?.value)} arcsec`;
  }
  if (!near(a.noise?.value, b.noise?.value, SAME_SCALE)) {
    return `their noise: ${figure(a.noise?.value)} and ${figure(b.noise?.value)}`;
  }
  const [one, other] = [a.orientation, b.orientation];
  const turn = Math.abs((one?.rotationDeg ?? 0) - (other?.rotationDeg ?? 0));
  if (one?.flipped !== other?.flipped || Math.min(turn, 360 - turn) > SAME_ANGLE_DEG) return 'their orientation';
  return undefined;
}

function near(a: number | undefined, b: number | undefined, tolerance: number): boolean {
  return a === b || (a !== undefined && b !== undefined && Math.abs(a - b) <= tolerance * Math.max(a, b));
}

function figure(value: number | undefined): string {
  return value === undefined ? 'none' : String(Number(value.toPrecision(6)));
}
