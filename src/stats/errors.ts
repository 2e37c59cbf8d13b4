/** Arrays that do not fit together: which argument, what it is, what it should be. */
export class StatsInputError extends Error {
  override readonly name = 'StatsInputError';
}

/** Throws unless `values` holds exactly chains × draws numbers. */
export function requireDraws(values: ArrayLike<number>, chains: number, draws: number): void {
  if (!Number.isInteger(chains) || !Number.isInteger(draws) || chains < 1 || draws < 1) {
    throw new StatsInputError(`chains and draws must be positive integers, got ${chains} and ${draws}`);
  }
  if (values.length !== chains * draws) {
    throw new StatsInputError(
      `values has ${values.length} entries, but ${chains} chains × ${draws} draws need ${chains * draws}; pass [chain][draw] flattened`,
    );
  }
}

/** Throws unless both arrays have the same length. */
export function requireSameLength(a: ArrayLike<unknown>, b: ArrayLike<unknown>, what: string): void {
  if (a.length !== b.length) {
    throw new StatsInputError(`${what} must have the same length, got ${a.length} and ${b.length}`);
  }
}
