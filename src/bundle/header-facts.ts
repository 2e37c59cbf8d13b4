/** What a FITS header says of its image that a fit has to agree with: pixel scale, orientation and noise. */
/** A number, and the keyword that states it. */
export interface HeaderFact {
  readonly value: number;
  readonly source: string;
}

/** How the pixel axes lie to the axes of the header's world coordinates: world = scale · R(rotation) · diag(±1, 1) · pixel. */
export interface Orientation {
  /** Angle of R in degrees, anticlockwise from world axis 1 to world axis 2, −180 to 180. */
  readonly rotationDeg: number;
  /** Whether the x axis is mirrored first: on the sky seen from below, east is left where north is up. */
  readonly flipped: boolean;
  /** (a − b)/(a + b) of a pixel's sides on the sky: 0 where pixels are square. */
  readonly stretch: number;
  /** The world axes are right ascension (or another longitude) and declination, not a plane's. */
  readonly sky: boolean;
  readonly source: string;
}

/** A hundredth of a degree: no header states an angle better. */
const SAME_DEG = 0.01;

/** Whether directions without a head, e.g. of an ellipse, are the same along pixel axes and world axes: none or half a turn, not mirrored. */
export function sameDirections({ rotationDeg, flipped }: Orientation): boolean {
  const rest = Math.abs(rotationDeg) % 180;
  return !flipped && Math.min(rest, 180 - rest) < SAME_DEG;
}

export interface HeaderFacts {
  /** Arcseconds a pixel. */
  readonly scale?: HeaderFact;
  readonly orientation?: Orientation;
  /** Standard deviation of the noise in a pixel, in the image's units. */
  readonly noise?: HeaderFact;
  /** The part of it that the read-out alone makes, in the image's units: no noise can be smaller. */
  readonly leastNoise?: HeaderFact;
  /** What is stated and cannot be used, each a sentence. */
  readonly remarks: readonly string[];
}
