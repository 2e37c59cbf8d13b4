/** Flags of `lockstep train --workload cells`, and the commands of tables. */
import { type Command, Option } from 'commander';
import type { CommandHost } from '../../../cli/experiment-commands.ts';
import type { FlagValues } from '../../../cli/flag-values.ts';
import { BACKENDS } from '../../../cli/gpu.ts';
import { SCORE_VARIANTS } from '../../../nn/score-network/spec.ts';
import { SCORE_PRECISIONS } from '../../../nn/score-network/tensors.ts';
import { OBJECTIVES } from '../training/recipe.ts';
import { addCellsTables } from './tables.ts';

const ID = 'cells';

/** Adds the tables, and `train` where this experiment is asked for. */
export function addCellsCommands(program: Command, host: CommandHost): void {
  addCellsTables(program, host);
  const { io, ended, workload } = host;
  if (workload !== ID) return;
  program
    .command('train')
    .description('Trains a score network on cells, and says how well it knows those that were held out.')
    .addOption(new Option('--workload <id>', 'of which experiment; others that train have flags of their own'))
    .addOption(new Option('--data <file>', 'counts as `run --data` takes them (default: the cells that ship)'))
    .addOption(new Option('--matrix <path>', 'of --data: the element that holds the counts: X, raw/X, layers/…'))
    .addOption(
      new Option('--perturbation-column <name>', 'of --data: the column that says how a cell was perturbed, or none'),
    )
    .addOption(new Option('--control-label <label>', 'of --data: the label of cells that were not perturbed, or none'))
    .addOption(
      new Option('--cell-type-column <name>', 'of --data: the column that says what type a cell is of, or none'),
    )
    .addOption(new Option('--genes <n>', 'of --data: so many genes of largest variance (default 200)'))
    .addOption(new Option('--gene-list <names>', 'of --data: these genes, separated by commas'))
    .addOption(
      new Option('--bins <kind>', 'how counts become bins (default octave)').choices(['octave', 'exact', 'quantile']),
    )
    .addOption(new Option('--bin-count <n>', 'bins of a count (default 16)'))
    .addOption(new Option('--variant <name>', 'of the network').choices([...SCORE_VARIANTS]))
    .addOption(new Option('--layers <n>', 'blocks of the network'))
    .addOption(new Option('--width <n>', 'numbers a gene, a multiple of 8 and of the heads'))
    .addOption(new Option('--heads <n>', 'of attention'))
    .addOption(new Option('--time-features <n>', 'sines and cosines of time; 0 for a network without'))
    .addOption(new Option('--objective <name>', 'nelbo, or the origin’s masked-mean').choices([...OBJECTIVES]))
    .addOption(new Option('--steps <n>', 'most steps of the optimiser'))
    .addOption(new Option('--batch <n>', 'cells a step: another batch trains another network'))
    .addOption(new Option('--learning-rate <number>', 'largest learning rate; it falls along a cosine'))
    .addOption(new Option('--decay <number>', 'weight decay'))
    .addOption(new Option('--average <number>', 'share of the old in the moving average of the weights'))
    .addOption(new Option('--drop <share>', 'labels dropped to "none" in training'))
    .addOption(new Option('--held-out <share>', 'cells held out until the end'))
    .addOption(new Option('--folds <n>', 'cross-validation instead: so many parts, of which one is held out'))
    .addOption(new Option('--fold <n>', 'which of them, counted from 0'))
    .addOption(new Option('--validation <share>', 'of the others, cells that judge as it goes on; 0 for none'))
    .addOption(new Option('--judge-every <steps>', 'from one judgement to the next'))
    .addOption(new Option('--patience <n>', 'judgements without a better one after which it stops'))
    .addOption(new Option('--seed <n>', 'of starting weights and batches'))
    .addOption(new Option('--split-seed <n>', 'of which cells are held out; runs hold out those of the default'))
    .addOption(new Option('--precision <name>', 'arithmetic of the training').choices([...SCORE_PRECISIONS]))
    .addOption(new Option('--size <key=value...>', 'sizes of the batch table, see `lockstep sizes`'))
    .addOption(new Option('--output <file>', 'where the network goes (default cells.safetensors)'))
    .addOption(new Option('--resume', 'goes on with a training that was cut short, to the same weights'))
    .addOption(new Option('--replace', 'writes over a network and over an unfinished training').conflicts('resume'))
    .addOption(new Option('--backend <name>', 'where it computes').choices(BACKENDS.filter((name) => name !== 'cpu')))
    .addOption(new Option('--quiet', 'no progress, only the result and errors'))
    .action(async (values: FlagValues) => ended(await (await import('./train-command.ts')).trainCommand(values, io)));
}
