/** Commands of the analysis experiment. */
import { type Command, Option } from 'commander';
import type { CommandHost } from '../../../cli/experiment-commands.ts';
import type { FlagValues } from '../../../cli/flag-values.ts';

/** Adds `sizes`. */
export function addAnalysisCommands(program: Command, { io, ended }: CommandHost): void {
  program
    .command('sizes')
    .description(
      'Says what every metric of an analysis takes on devices of several classes, to the byte, from a model’s config.json alone: no weights.',
    )
    .addOption(new Option('--model <folder>', 'folder of the model (default: GPT-2 of 124 million parameters)'))
    .addOption(new Option('--config <file>', 'its config.json'))
    .addOption(new Option('--metrics <names>', 'all, or some with commas between (default all)'))
    .addOption(new Option('--items <n>', 'texts (default 256)'))
    .addOption(new Option('--length <n>', 'tokens of each (default 256)'))
    .addOption(new Option('--class <names...>', 'memory classes (default integrated software 8GB 24GB 80GB)'))
    .action(async (values: FlagValues) => ended(await (await import('./sizes-command.ts')).sizesCommand(values, io)));
}
