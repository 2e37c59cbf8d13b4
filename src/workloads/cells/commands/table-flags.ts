/** The flags that both tables of cells have. */
import { type Command, Option } from 'commander';
import { addFileFlags, addParameterFlags } from '../../../cli/flags.ts';
import { BACKENDS, type Backend } from '../../../cli/gpu.ts';
import type { Workload } from '../../workload.ts';
import { cellsWorkload } from '../workload.ts';

/** Parameters that a table sets itself. */
const OWN = ['task', 'cells', 'perturbation', 'cellType', 'hidden'];

/** The experiment with those parameters that these commands have flags for. @param listed those that take several values */
export function tableWorkload(listed: readonly string[]): Workload {
  const params = cellsWorkload.params.filter(({ key }) => ![...OWN, ...listed].includes(key));
  return { ...cellsWorkload, params } as unknown as Workload;
}

export function addTableFlags(command: Command, workload: Workload, backends: readonly Backend[] = BACKENDS): Command {
  addFileFlags(command, workload, [workload]);
  addParameterFlags(command, workload);
  return command
    .addOption(new Option('--cells <n>', 'of every row, at most as many as are held out (default 256)'))
    .addOption(new Option('--base-seed <n>', 'seed of the first cell, then counted up (default 42)'))
    .addOption(new Option('--seed <n>', 'the same as --base-seed').conflicts('baseSeed'))
    .addOption(new Option('--batch-size <n>', 'cells at once; results do not depend on it'))
    .addOption(new Option('--memory-budget <MiB>', 'GPU memory they may take (default 1024)'))
    .addOption(new Option('--size <key=value...>', 'other sizes of the batch table, see `lockstep sizes`'))
    .addOption(new Option('--backend <name>', 'where it computes').choices([...backends]))
    .addOption(new Option('--csv <file>', 'writes the table as CSV'))
    .addOption(new Option('--markdown <file>', 'writes the table as Markdown'))
    .addOption(new Option('--quiet', 'no progress, only the result and errors'));
}
