/** Flags of `lockstep activations-memory`. */
import { type Command, Option } from 'commander';
import type { CommandHost } from '../../../cli/experiment-commands.ts';
import type { FlagValues } from '../../../cli/flag-values.ts';

export function addMemory(program: Command, { io, ended }: CommandHost): void {
  program
    .command('activations-memory')
    .description('Says what language models take on a device, to the byte, from their config.json alone: no weights.')
    .addOption(new Option('--config <file...>', 'config.json of models (default: four that many use)'))
    .addOption(new Option('--model <folder...>', 'the same of folders of models'))
    .addOption(new Option('--batch-size <n...>', 'texts side by side (default 1 8 16 64)'))
    .addOption(new Option('--prompt-tokens <n>', 'of a text (default 50)'))
    .addOption(new Option('--max-new-tokens <n>', 'behind it (default 150)'))
    .addOption(new Option('--position <slices>', 'positions that are averaged, as `run --position` takes them'))
    .addOption(new Option('--component <name>', 'what is captured, as `run --component` takes it'))
    .action(async (values: FlagValues) => ended(await (await import('./memory-command.ts')).memoryCommand(values, io)));
}
