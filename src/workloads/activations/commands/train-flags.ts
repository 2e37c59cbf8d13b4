/** Flags of `lockstep train --workload activations`. */
import { type Command, Option } from 'commander';
import type { CommandHost } from '../../../cli/experiment-commands.ts';
import type { FlagValues } from '../../../cli/flag-values.ts';
import { BACKENDS } from '../../../cli/gpu.ts';

export function addTraining(program: Command, { io, ended }: CommandHost): void {
  program
    .command('train')
    .description('Trains a small Llama on made-up stories, and says how well it knows those that were held out.')
    .addOption(new Option('--workload <id>', 'of which experiment; others that train have flags of their own'))
    .addOption(new Option('--layers <n>', 'blocks of the model (default 4)'))
    .addOption(new Option('--width <n>', 'numbers of a row of its stream (default 64)'))
    .addOption(new Option('--heads <n>', 'of attention, of 8, 16 … 64 numbers each (default 4)'))
    .addOption(new Option('--hidden <n>', 'units of the MLP (default 176)'))
    .addOption(new Option('--steps <n>', 'of the optimiser'))
    .addOption(new Option('--batch <n>', 'texts a step: another batch trains another model'))
    .addOption(new Option('--length <n>', 'tokens of each'))
    .addOption(new Option('--learning-rate <number>', 'largest learning rate; it falls along a cosine'))
    .addOption(new Option('--seed <n>', 'of starting weights and batches'))
    .addOption(new Option('--story-seed <n>', 'of the stories'))
    .addOption(new Option('--stories <n>', 'to learn from; those behind them judge, and are held out'))
    .addOption(new Option('--judge-every <steps>', 'from one judgement, with stories that it writes, to the next'))
    .addOption(
      new Option(
        '--checkpoints <n>',
        'keeps the first weights, the last, and others evenly between in the folder checkpoints beside the model: a path to analyse (default 0)',
      ),
    )
    .addOption(new Option('--size <key=value...>', 'sizes of the batch table, see `lockstep sizes`'))
    .addOption(new Option('--output <folder>', 'where the model goes (default stories-model)'))
    .addOption(new Option('--resume', 'goes on with a training that was cut short, to the same weights'))
    .addOption(new Option('--replace', 'writes over a model and over an unfinished training').conflicts('resume'))
    .addOption(new Option('--backend <name>', 'where it computes').choices(BACKENDS.filter((name) => name !== 'cpu')))
    .addOption(new Option('--quiet', 'no progress, only the result and errors'))
    .action(async (values: FlagValues) => ended(await (await import('./train-command.ts')).trainCommand(values, io)));
}
