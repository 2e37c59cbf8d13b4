/**
 * Shears and ellipticities are spin-2: with h = g1 + i g2, axes turned by θ make h of e^(2iθ) h, and a mirrored x axis first makes h of its
 * conjugate. This carries them between pixel axes and the world axes of an image's header, where that is asked for.
 */
import type { Orientation } from '../../bundle/header-facts.ts';

/** e^(2iθ), and whether the x axis is mirrored before the turn. */
export interface Turn {
  readonly cos: number;
  readonly sin: number;
  readonly flipped: boolean;
}

export type Pair = readonly [number, number];

export function turnOf({ rotationDeg, flipped }: Orientation): Turn {
  const angle = (2 * rotationDeg * Math.PI) / 180;
  return { cos: exact(Math.cos(angle)), sin: exact(Math.sin(angle)), flipped };
}

/** Multiples of 45° turn components into each other without a rest. */
function exact(value: number): number {
  const whole = Math.round(value);
  return Math.abs(value - whole) < 1e-12 ? whole : value;
}

/** From pixel axes to world axes. */
export function toWorld({ cos, sin, flipped }: Turn, [g1, g2]: Pair): Pair {
  const h2 = flipped ? -g2 : g2;
  return [cos * g1 - sin * h2, sin * g1 + cos * h2];
}

/** From world axes to pixel axes. */
export function toPixels({ cos, sin, flipped }: Turn, [g1, g2]: Pair): Pair {
  const h2 = cos * g2 - sin * g1;
  return [cos * g1 + sin * g2, flipped ? -h2 : h2];
}

/** Widths along the other axes of what is uncorrelated along these; exact where θ is a multiple of 45°. */
export function turnedWidths({ cos, sin }: Turn, [s1, s2]: Pair): Pair {
  return [Math.hypot(cos * s1, sin * s2), Math.hypot(sin * s1, cos * s2)];
}
