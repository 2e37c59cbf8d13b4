import { requireDraws } from './errors.ts';

/**
 * Energy Bayesian fraction of missing information of each chain: Σ(E_t − E_{t−1})² / Σ(E_t − Ē)², E the Hamiltonian at
 * the start of a transition (Betancourt 2016, eq. 5; ArviZ's `bfmi`). Low values mean that momentum resampling moves too
 * little energy. NaN for a chain whose energies are not finite or all equal.
 * @param energy [chain][draw] flattened.
 */
export function ebfmi(energy: ArrayLike<number>, chains: number, draws: number): number[] {
  requireDraws(energy, chains, draws);
  const result: number[] = [];
  for (let c = 0; c < chains; c++) {
    const start = c * draws;
    let sum = 0;
    for (let i = start; i < start + draws; i++) sum += energy[i];
    const mean = sum / draws;
    let steps = 0;
    let spread = 0;
    for (let i = start; i < start + draws; i++) {
      if (i > start) steps += (energy[i] - energy[i - 1]) ** 2;
      spread += (energy[i] - mean) ** 2;
    }
    result.push(steps / spread);
  }
  return result;
}
