/** Derivatives of rows in flight along a direction, and of their adjoints (R-forward, R-backward). */
import type { BackwardOptions, Direction } from '../machine.ts';
import type { AdjointWalk } from './adjoints.ts';
import type { Rows } from './rows.ts';

export async function goAlong(_rows: Rows, _direction: Direction): Promise<void> {
  throw new RangeError('there are no kernels of tangents');
}

export async function goBackAlong(_rows: Rows, _options: BackwardOptions): Promise<AdjointWalk> {
  throw new RangeError('there are no kernels of tangents');
}
