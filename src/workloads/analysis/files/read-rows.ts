/** Reads rows of numbers. How many of them are inputs the network says, when a run is planned. */
import { FileError } from '../../../bundle/file-error.ts';
import { decodeNpy, isNpy } from '../../../bundle/npy.ts';
import { decodeNumberTable } from '../../../bundle/number-table.ts';
import { sha256Of } from '../../../bundle/sha256.ts';
import type { ReadFile } from '../../file-role.ts';
import type { RowsInput } from './network-input.ts';

const SAVE = 'Save one array of floats of two axes: rows, and in each the inputs, then the targets.';

/** @throws FileError for another shape, or a number that is none */
export function readRows(name: string, bytes: Uint8Array<ArrayBuffer>): ReadFile<RowsInput> {
  const { shape, data, told = [] } = isNpy(bytes) ? decodeNpy(name, bytes) : decodeNumberTable(name, bytes);
  if (shape.length !== 2 || data.length === 0)
    throw new FileError(name, `its shape is [${shape.join(', ')}], and rows of numbers are [rows, numbers]`, SAVE);
  const [count, width] = shape;
  const bad = data.findIndex((value) => !Number.isFinite(Math.fround(value)));
  if (bad >= 0)
    throw new FileError(
      name,
      `number ${bad % width} of row ${Math.floor(bad / width)}, counted from 0, is ${data[bad]}, no finite 32-bit number`,
      'Leave that row out.',
    );
  const what = `${count} ${count === 1 ? 'row' : 'rows'} of ${width} numbers`;
  return { input: { name, sha256: sha256Of(bytes), count, width, data }, count, what: [what, ...told].join('; ') };
}
