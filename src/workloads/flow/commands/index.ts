/** Flags of `lockstep train`, `lockstep evaluate` and `lockstep rows`. */
import { type Command, Option } from 'commander';
import type { CommandHost } from '../../../cli/experiment-commands.ts';
import type { FlagValues } from '../../../cli/flag-values.ts';
import { BACKENDS } from '../../../cli/gpu.ts';
import { ACTIVATIONS } from '../../../nn/mlp.ts';
import { NET_PRECISIONS } from '../../../nn/mlp-kernel.ts';
import { SOLVERS } from '../sampling/solvers.ts';
import { evaluateCommand } from './evaluate-command.ts';
import { rowsCommand } from './rows-command.ts';
import { trainCommand } from './train-command.ts';

const ID = 'flow';

/** Adds all commands; `train` only where no other experiment is asked for, which may train something of its own. */
export function addFlowCommands(program: Command, host: CommandHost): void {
  const { workload = ID } = host;
  if (workload === ID) addTrain(program, host);
  addEvaluate(program, host);
  addRows(program, host);
}

function addTrain(program: Command, { io, ended }: CommandHost): void {
  const train = program
    .command('train')
    .description('Trains the velocity network of a task of the flow experiment, and says how good it is.')
    .addOption(
      new Option('--workload <id>', 'of which experiment; others that train have flags of their own').default(ID),
    )
    .addOption(new Option('--task <id>', 'gaussian, two_moons, gaussian_linear, gaussian_mixture, slcp or shear'))
    .addOption(new Option('--simulations <n>', 'different simulations to train on'))
    .addOption(new Option('--steps <n>', 'steps of the optimiser'))
    .addOption(new Option('--batch <n>', 'simulations a step, a power of two: another batch trains another network'))
    .addOption(new Option('--width <n>', 'units of every hidden layer, a multiple of 8'))
    .addOption(new Option('--depth <n>', 'hidden layers'))
    .addOption(new Option('--activation <name>', 'of the hidden layers').choices([...ACTIVATIONS]))
    .addOption(new Option('--learning-rate <number>', 'largest learning rate; it falls along a cosine'))
    .addOption(
      new Option('--time-power <p>', 'times are drawn as 1 - u^p: above 1 more late ones, for narrow posteriors'),
    )
    .addOption(
      new Option('--shoulder <number>', 'how far simulations go beyond the edges of a box prior: a standard deviation'),
    )
    .addOption(new Option('--seed <n>', 'of starting weights, simulations and batches'))
    .addOption(new Option('--precision <name>', 'arithmetic of the training').choices([...NET_PRECISIONS]))
    .addOption(new Option('--size <key=value...>', 'sizes of the batch table, see `lockstep sizes`'))
    .addOption(new Option('--output <file>', 'where the network goes (default <task>.safetensors)'))
    .addOption(new Option('--resume', 'goes on with a training that was cut short, to the same weights'))
    .addOption(new Option('--replace', 'writes over a network and over an unfinished training').conflicts('resume'))
    .addOption(new Option('--evaluate <n>', 'observations of the C2ST at the end; 0 for none (default 5)'))
    .addOption(
      new Option(
        '--prior-predictive <n>',
        "C2ST of so many observations drawn from the prior predictive instead of the task's own",
      ).conflicts('evaluate'),
    )
    .addOption(new Option('--n-samples <n>', 'samples on either side of it (default 10000)'))
    .addOption(new Option('--samples <n>', 'the same as --n-samples').conflicts('nSamples'));
  addCommon(train).action(async (values: FlagValues) => ended(await trainCommand(counts(values), io)));
}

function addEvaluate(program: Command, { io, ended }: CommandHost): void {
  const evaluate = program
    .command('evaluate')
    .description('C2ST of trained networks against exact posteriors, for any solvers, steps and precisions.')
    .requiredOption('--network <file...>', 'networks, .safetensors')
    .addOption(new Option('--solver <name...>', 'how samples are drawn (default midpoint)').choices([...SOLVERS]))
    .addOption(new Option('--steps <n...>', 'steps of the solvers (default: each its own)'))
    .addOption(new Option('--precision <name...>', 'arithmetic (default f32)').choices([...NET_PRECISIONS]))
    .addOption(new Option('--n-samples <n>', 'samples on either side (default 10000)'))
    .addOption(new Option('--samples <n>', 'the same as --n-samples').conflicts('nSamples'))
    .addOption(new Option('--n-observations <n>', "how many of the task's, its first ones (default 5)"))
    .addOption(new Option('--observations <n>', 'the same as --n-observations').conflicts('nObservations'))
    .addOption(
      new Option(
        '--prior-predictive <n>',
        "so many drawn from the prior predictive instead of the task's own: edges of the prior in their due share",
      ).conflicts(['nObservations', 'observations']),
    )
    .addOption(
      new Option('--skip-self-control', 'leaves out the C2ST of exact draws against exact draws: half the time'),
    )
    .addOption(
      new Option(
        '--hmc <stamps>',
        'for the task shear: means and widths against HMC on these stamps instead of C2ST (.npy, FITS)',
      ),
    )
    .addOption(new Option('--seed <n>', 'of samples, exact draws and classifiers (default 1)'))
    .addOption(new Option('--record', 'writes what the first setting has into the networks: their C2ST'))
    .addOption(new Option('--markdown <file>', 'writes the table as Markdown'))
    .addOption(new Option('--csv <file>', 'writes every C2ST as CSV'));
  addCommon(evaluate).action(async (values: FlagValues) => ended(await evaluateCommand(counts(values), io)));
}

function addRows(program: Command, { io, ended }: CommandHost): void {
  program
    .command('rows')
    .description('Rows of flow matching that no training has seen, for `run --workload analysis --network`.')
    .requiredOption('--network <file>', 'the velocity network that takes them, .safetensors')
    .addOption(new Option('--rows <n>', 'how many (default 64)'))
    .addOption(new Option('--seed <n>', 'of simulations, times and noise (default 1)'))
    .addOption(new Option('--output <file>', 'where they go, .npy or .csv (default <task>-rows.npy)'))
    .action(async (values: FlagValues) => ended(await rowsCommand(values, io)));
}

/** Numbers under the names that all commands have for them, whichever was given. */
function counts(values: FlagValues): FlagValues {
  const { samples, observations, ...others } = values;
  return {
    ...others,
    nSamples: values.nSamples ?? samples,
    nObservations: values.nObservations ?? observations,
  };
}

function addCommon(command: Command): Command {
  return command
    .addOption(new Option('--backend <name>', 'where it computes').choices(BACKENDS.filter((name) => name !== 'cpu')))
    .addOption(new Option('--quiet', 'no progress, only the result and errors'));
}
