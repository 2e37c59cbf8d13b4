/** Flags of the commands that measure tables: batches, padding, storage. */
import { type Command, Option } from 'commander';
import type { CommandHost } from '../../../cli/experiment-commands.ts';
import type { FlagValues } from '../../../cli/flag-values.ts';
import { addFileFlags, addParameterFlags } from '../../../cli/flags.ts';
import { BACKENDS } from '../../../cli/gpu.ts';
import type { Workload } from '../../workload.ts';
import { activationsWorkload } from '../workload.ts';
import type { Measured } from './table-commands.ts';

/** Parameters of the experiment that have a say in a table. */
const KEYS: Readonly<Record<Measured, readonly string[]>> = {
  batches: ['template', 'temperature', 'topK', 'topP', 'position', 'components'],
  padding: ['template'],
  precision: ['template'],
};

const ABOUT: Readonly<Record<Measured, string>> = {
  batches:
    'Writes the same texts one by one and side by side: time, exact bytes, and the largest difference, which is 0.',
  padding: 'Shows how far the means of short texts move where they are taken over pads, as in a padded batch.',
  precision: 'Reads a text with weights in 16 and 8 bits: what it does to logits, activations and tokens.',
};

/** Adds all three. */
export function addTables(program: Command, host: CommandHost): void {
  for (const measured of Object.keys(KEYS) as Measured[]) {
    const params = activationsWorkload.params.filter(({ key }) => KEYS[measured].includes(key));
    const workload = { ...activationsWorkload, params } as unknown as Workload;
    const command = program.command(`activations-${measured}`).description(ABOUT[measured]);
    addFileFlags(command, workload, [workload]);
    addParameterFlags(command, workload);
    if (measured !== 'precision') command.addOption(new Option('--texts <n>', 'how many texts (default 64)'));
    if (measured !== 'padding') command.addOption(new Option('--max-new-tokens <n>', 'tokens of each (default 64)'));
    if (measured === 'batches')
      command
        .addOption(new Option('--batch-sizes <n...>', 'texts side by side (default 1 2 4 8 16 32 64)'))
        .addOption(new Option('--price <per hour>', 'of the machine, for the cost of every row'));
    command
      .addOption(new Option('--precision <name>', 'storage of weights').choices([...activationsWorkload.precisions]))
      .addOption(new Option('--base-seed <n>', 'seed of the first text, then counted up (default 42)'))
      .addOption(new Option('--size <key=value...>', 'sizes of the batch table, see `lockstep sizes`'))
      .addOption(new Option('--backend <name>', 'where it computes').choices([...BACKENDS]))
      .addOption(new Option('--csv <file>', 'writes the table as CSV'))
      .addOption(new Option('--markdown <file>', 'writes the table as Markdown'))
      .addOption(new Option('--quiet', 'no progress, only the result and errors'))
      .action(async (values: FlagValues) => {
        const { tableCommand } = await import('./table-commands.ts');
        host.ended(await tableCommand(measured, command, values, host, workload));
      });
  }
}
