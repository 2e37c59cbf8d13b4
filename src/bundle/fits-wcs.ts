/**
 * Pixel scale and orientation out of a FITS header's world coordinates: CDi_j, PCi_j with CDELTi, or CDELTi with CROTA2
 * (Greisen & Calabretta 2002, A&A 395, 1061, sections 2 and 6), taken at the reference pixel.
 */
import type { FitsHeader } from './fits-header.ts';
import type { HeaderFacts } from './header-facts.ts';

/** [[d world1/dx, d world1/dy], [d world2/dx, d world2/dy]]. */
type Matrix = readonly [readonly [number, number], readonly [number, number]];

/** Units of angle by CUNIT, in arcseconds. */
const ARCSEC: Readonly<Record<string, number>> = {
  deg: 3600,
  degree: 3600,
  degrees: 3600,
  arcmin: 60,
  arcsec: 1,
  mas: 1e-3,
  rad: (180 * 3600) / Math.PI,
};
/** Without a word of the unit, what is smaller than this in both axes can only be degrees: 36 arcsec a pixel. */
const SURELY_DEGREES = 0.01;

export function readWcs(header: FitsHeader): HeaderFacts {
  const read = readMatrix(header);
  if (!read) return { remarks: [] };
  const { source } = read;
  const [kind1, kind2] = [1, 2].map((axis) =>
    String(header.get(`CTYPE${axis}`) ?? '')
      .trim()
      .toUpperCase(),
  );
  const sky = [kind1, kind2].some(isLongitude) && [kind1, kind2].some(isLatitude);
  // Longitude first, whatever the order in the file.
  const matrix: Matrix = sky && isLatitude(kind1) ? [read.matrix[1], read.matrix[0]] : read.matrix;
  const [[a, b], [c, d]] = matrix;
  const determinant = a * d - b * c;
  const stated = Math.sqrt(Math.abs(determinant));
  if (!(stated > 0) || !Number.isFinite(stated)) {
    return { remarks: [`The world coordinates of the header (${source}) have no inverse and are passed over.`] };
  }
  const unit = arcsecOf(header, sky, stated);
  if (unit === undefined) {
    // Pixels counted as such, or stretched and turned without a unit.
    const plain = a === 1 && d === 1 && b === 0 && c === 0;
    return {
      remarks: plain
        ? []
        : [`The header's pixel scale of ${figure(stated)} (${source}) is in no known unit and is not used.`],
    };
  }
  const flipped = determinant < 0;
  // Undo the mirrored x axis; the nearest rotation is that of the polar decomposition.
  const [p, q] = flipped ? [-a, -c] : [a, c];
  const rotation = Math.atan2(q - b, p + d);
  const [sum, diff] = [Math.hypot(p + d, q - b), Math.hypot(p - d, q + b)];
  return {
    scale: { value: stated * unit.arcsec, source: unit.guessed ? `${source}, taken as degrees` : source },
    orientation: { rotationDeg: (rotation * 180) / Math.PI, flipped, stretch: diff / sum, sky, source },
    remarks: [],
  };
}

/** Undefined where the header has no linear transformation. */
function readMatrix(header: FitsHeader): { readonly matrix: Matrix; readonly source: string } | undefined {
  const number = (key: string) => {
    const value = header.get(key);
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  };
  const element = (key: string, i: number, j: number) => number(`${key}${i}_${j}`) ?? number(`${key}00${i}00${j}`);
  const square = (at: (i: number, j: number) => number): Matrix => [
    [at(1, 1), at(1, 2)],
    [at(2, 1), at(2, 2)],
  ];
  const has = (key: string) => [1, 2].some((i) => [1, 2].some((j) => element(key, i, j) !== undefined));
  if (has('CD')) return { matrix: square((i, j) => element('CD', i, j) ?? 0), source: 'CDi_j' };
  const [step1, step2] = [number('CDELT1'), number('CDELT2')];
  if (step1 === undefined && step2 === undefined) return undefined;
  const step = [step1 ?? 1, step2 ?? 1];
  if (has('PC')) {
    const matrix = square((i, j) => step[i - 1] * (element('PC', i, j) ?? (i === j ? 1 : 0)));
    return { matrix, source: 'PCi_j and CDELTi' };
  }
  const angle = ((number('CROTA2') ?? 0) * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return {
    matrix: [
      [step[0] * cos, -step[1] * sin],
      [step[0] * sin, step[1] * cos],
    ],
    source: angle === 0 ? 'CDELTi' : 'CDELTi and CROTA2',
  };
}

/** Arcseconds in a unit of the world coordinates; undefined where that is not known. */
function arcsecOf(
  header: FitsHeader,
  sky: boolean,
  stated: number,
): { readonly arcsec: number; readonly guessed?: boolean } | undefined {
  const unit = String(header.get('CUNIT1') ?? header.get('CUNIT2') ?? '')
    .trim()
    .toLowerCase();
  if (unit !== '') return unit in ARCSEC ? { arcsec: ARCSEC[unit] } : undefined;
  if (sky) return { arcsec: ARCSEC.deg };
  // GalSim writes its planes, whose unit is the arcsecond, as LINEAR.
  if (header.has('GS_WCS') || header.has('GS_SCALE')) return { arcsec: 1 };
  return stated < SURELY_DEGREES ? { arcsec: ARCSEC.deg, guessed: true } : undefined;
}

function isLongitude(type: string): boolean {
  return /^(RA--|.LON|..LN)/.test(type) || type === 'RA';
}

function isLatitude(type: string): boolean {
  return /^(DEC-|.LAT|..LT)/.test(type) || type === 'DEC';
}

function figure(value: number): string {
  return String(Number(value.toPrecision(6)));
}
