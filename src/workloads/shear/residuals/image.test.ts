import { expect, it } from 'vitest';
import { level0Spec } from '../test-support/specs.ts';
import { ShearPosterior } from '../twin/posterior.ts';
import { modelImage } from './image.ts';

/** g1 g2, logits of x and y, log flux, log hlr, e1 e2. */
const POINTS = [
  [0, 0, 0, 0, Math.log(1000), Math.log(5), 0, 0],
  [0.3, -0.2, 2.5, -4, Math.log(300), Math.log(2), -0.4, 0.3],
  [-0.55, 0.4, -9, 9, Math.log(2000), Math.log(11), 0.1, -0.6],
];

it.each([
  [48, 48],
  [13, 30],
  [128, 9],
])('is the twin’s image on %d × %d pixels, to rounding', (nx, ny) => {
  const spec = level0Spec(8, { nx, ny });
  const twin = new ShearPosterior(spec, new Float32Array(nx * ny));
  for (const point of POINTS) {
    const q = Float64Array.from(point);
    const expected = twin.image(q);
    const peak = Math.max(...expected);
    // The twin leaves out what is below e^−70 of a peak; recurrences over 128 pixels round some 1e-14 of a value away.
    modelImage(spec, q).forEach((value, i) => {
      expect(Math.abs(value - expected[i])).toBeLessThan(1e-12 * peak);
    });
  }
});
