/** `lockstep rows`: rows that a velocity network is analysed on, as .npy or .csv. */
import { basename } from 'node:path';
import { encodeCsv } from '../../../bundle/csv.ts';
import { encodeNpy } from '../../../bundle/npy.ts';
import { EXIT } from '../../../cli/exit.ts';
import { type FlagValues, textOf, wholeOf } from '../../../cli/flag-values.ts';
import type { RunIo } from '../../../cli/run-io.ts';
import { readWhole, writeWhole } from '../../../cli/whole-file.ts';
import { ConfigError } from '../../workload.ts';
import { taskOf } from '../tasks/index.ts';
import { heldOutRows } from '../training/held-out-rows.ts';
import { decodeNetwork } from '../weights/network-file.ts';

const ROWS = 64;
const MOST_ROWS = 1_000_000;

/** Resolves to the exit code. @throws ConfigError; FileError for a file that is no velocity network */
export async function rowsCommand(values: FlagValues, io: RunIo): Promise<number> {
  const path = textOf(values, 'network')!;
  const count = wholeOf(values, 'rows', ROWS, 1, MOST_ROWS);
  const seed = wholeOf(values, 'seed', 1, 0, 2 ** 32 - 1);
  const network = decodeNetwork(basename(path), await readWhole('network', path));
  const { id, thetaDimension: outputs } = network.model.task;
  const task = taskOf(id);
  if (!task) throw new ConfigError('network', `${path} is of the task ${id}, which is not known here.`);
  const output = textOf(values, 'output') ?? `${id}-rows.npy`;
  if (!/\.(npy|csv)$/i.test(output)) throw new ConfigError('output', `${output} ends in neither .npy nor .csv.`);
  const rows = heldOutRows(network, task, count, seed);
  const { inputs } = network.model.net;
  const width = inputs + outputs;
  const named = (name: string, n: number) => Array.from({ length: n }, (_, i) => `${name}_${i + 1}`);
  const bytes = /\.csv$/i.test(output)
    ? encodeCsv(
        [...named('input', inputs), ...named('target', outputs)],
        Array.from({ length: count }, (_, i) => Array.from(rows.subarray(i * width, (i + 1) * width))),
      )
    : encodeNpy(rows, [count, width]);
  await writeWhole('output', output, bytes);
  io.out.write(`${output}: ${count} rows of ${inputs} inputs, then ${outputs} targets.\n`);
  return EXIT.ok;
}
