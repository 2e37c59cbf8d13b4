/** Sums over positions that representations are compared by. */
import type { Moments, MomentsRequest } from '../machine.ts';
import type { Rows } from './rows.ts';

export class MomentSums {
  readonly rows: Rows;
  constructor(rows: Rows) {
    this.rows = rows;
  }
  async add({ name }: MomentsRequest): Promise<void> {
    throw new RangeError(`there are no kernels of moments ${name}`);
  }
  async take(name: string): Promise<Moments> {
    throw new RangeError(`there are no moments ${name}`);
  }
}
