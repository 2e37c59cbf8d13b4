import { describe, expect, it } from 'vitest';
import { dynamicsOf, monitored } from './monitoring.ts';

describe('a text along a direction', () => {
  it('is projected token by token', () => {
    const { projections, cosines, norms } = monitored(Float32Array.of(3, 4, 0, 0, -2, 0), Float32Array.of(1, 0));
    expect([...projections]).toEqual([3, 0, -2]);
    expect([...norms]).toEqual([5, 0, 2]);
    expect([...cosines]).toEqual([0.6, 0, -1]);
  });

  it('has velocity, acceleration, peak, commitment and persistence, by hand', () => {
    const { velocity, acceleration, peak, peakVelocity, meanSpeed, commitment, persistence } = dynamicsOf([
      0, 1, 3, -8, -5, -4, -3.05, -8,
    ]);
    expect([...velocity].map((v) => Math.round(100 * v) / 100)).toEqual([1, 2, -11, 3, 1, 0.95, -4.95]);
    expect([...acceleration].map((v) => Math.round(100 * v) / 100)).toEqual([1, -13, 14, -2, -0.05, -5.9]);
    expect([peak, peakVelocity]).toEqual([3, 11]);
    expect(meanSpeed).toBeCloseTo(23.9 / 7, 12);
    // The sd is about 3.9: nothing but the fifth acceleration is below a tenth of it.
    expect(commitment).toEqual({ absolute: 4, scaled: 4 });
    // Behind the peak −5, −4, −3.05, −8: above half of 8 are the first and the last.
    expect(persistence).toEqual({ tokens: 2, share: 0.5 });
  });

  it('commits by its own sd where it is small throughout, and not at all where it never settles', () => {
    expect(dynamicsOf([0, 0.01, 0.05, 0.06, 0.07]).commitment).toEqual({ absolute: 0, scaled: 2 });
    expect(dynamicsOf([0, 1, 0, 1, 0]).commitment).toEqual({});
  });

  it('of one token or none has nothing to say', () => {
    for (const s of [[], [2]]) {
      const { velocity, acceleration, commitment, persistence } = dynamicsOf(s);
      expect([velocity.length, acceleration.length, commitment]).toEqual([0, 0, {}]);
      expect(persistence).toEqual({ tokens: 0, share: 0 });
    }
  });
});
