/** What is read of attention patterns, and of values through the last norm and the unembedding. */
import type { Reals } from '../machine.ts';
import type { Rows } from './rows.ts';

export async function patterns(_rows: Rows, block: number): Promise<readonly Reals[]> {
  throw new RangeError(`there are no patterns of block ${block}`);
}
export async function headStatistics(_rows: Rows, block: number): Promise<readonly Reals[]> {
  throw new RangeError(`there are no patterns of block ${block}`);
}
export async function lens(_rows: Rows, value: string): Promise<readonly Reals[]> {
  throw new RangeError(`there is no lens on ${value}`);
}
