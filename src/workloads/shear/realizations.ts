/** How many realizations a target error of the shear's multiplicative bias needs. */

/**
 * Posterior width of a shear component times the total signal-to-noise, where the galaxy is barely larger than its PSF (measured at
 * the geometry of `level0-ngmix`). Well-resolved galaxies do better: 1.26 at `level0`.
 */
export const WIDTH_TIMES_SNR = 2.06;

/**
 * Realizations that bring the error of m down to `sigmaM`: N = (σ(g)/(g σ_m))², which is (2.06/(S/N g σ_m))² with the width above.
 * @param sigmaG posterior width of one realization. @param shear typical size of the true shear about its mean.
 */
export function realizationsNeeded(sigmaG: number, shear: number, sigmaM: number): number {
  return (sigmaG / (shear * sigmaM)) ** 2;
}
