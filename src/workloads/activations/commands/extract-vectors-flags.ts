/** Flags of `lockstep extract-vectors`. */
import { type Command, Option } from 'commander';
import type { CommandHost } from '../../../cli/experiment-commands.ts';
import type { FlagValues } from '../../../cli/flag-values.ts';
import { addFileFlags, addParameterFlags } from '../../../cli/flags.ts';
import { BACKENDS } from '../../../cli/gpu.ts';
import type { Workload } from '../../workload.ts';
import { METHODS, VECTOR_OPTIONS } from '../vectors/types.ts';
import { activationsWorkload } from '../workload.ts';

const RUN = 'Run:';

export function addExtractVectors(program: Command, host: CommandHost): void {
  const workload = activationsWorkload as unknown as Workload;
  const command = program
    .command('extract-vectors')
    .description(
      'Runs texts of both labels, or takes a run that is there, and fits trait vectors: held-out scores, controls, files.',
    )
    .addOption(
      new Option(
        '--from <folder>',
        'output folder of an earlier run of activations, in the place of running',
      ).conflicts([
        ...['outputDir', 'baseSeed', 'batchSize', 'backend', 'precision'],
        ...workload.files.map(({ role }) => role),
      ]),
    )
    .addOption(
      new Option('--methods <name...>', `by which (default ${VECTOR_OPTIONS.methods.join(' ')})`).choices([...METHODS]),
    )
    .addOption(new Option('--layers <n...>', 'what leaves these blocks, counted from 0 (default all)'))
    .addOption(
      new Option(
        '--rows <kind>',
        'what the probe is fitted to: rows as they are, or over their length (default raw)',
      ).choices(['raw', 'unit']),
    )
    .addOption(new Option('--zero-massive', 'sets massive dimensions to zero before anything is fitted'))
    .addOption(new Option('--folds <n>', `parts of the questions (default ${VECTOR_OPTIONS.folds})`))
    .addOption(new Option('--vectors <folder>', 'where vectors and tables go (default the run’s folder with -vectors)'))
    .addOption(new Option('--json <file>', 'writes the table as JSON'))
    .addOption(new Option('--csv <file>', 'writes the scores as CSV'))
    .addOption(
      new Option('--preset <id>', 'where the parameters start from')
        .choices(workload.presets.map(({ id }) => id))
        .helpGroup(RUN),
    )
    .addOption(
      new Option('--output-dir <folder>', 'where the run goes (default results/activations-vectors)').helpGroup(RUN),
    )
    .addOption(new Option('--base-seed <n>', 'seed of the first text, then counted up (default 42)').helpGroup(RUN))
    .addOption(new Option('--seed <n>', 'the same as --base-seed').conflicts('baseSeed').helpGroup(RUN))
    .addOption(new Option('--batch-size <n>', 'texts at once, or auto; results do not depend on it').helpGroup(RUN))
    .addOption(
      new Option('--precision <name>', 'how weights are kept').choices([...workload.precisions]).helpGroup(RUN),
    )
    .addOption(new Option('--memory-budget <MiB>', 'GPU memory a chunk may take (default 1024)').helpGroup(RUN))
    .addOption(
      new Option('--size <key=value...>', 'other sizes of the batch table, see `lockstep sizes`').helpGroup(RUN),
    )
    .addOption(new Option('--backend <name>', 'where it computes').choices([...BACKENDS]).helpGroup(RUN))
    .addOption(new Option('--cpu', 'the same as --backend cpu').conflicts('backend').helpGroup(RUN))
    .addOption(new Option('--overwrite', 'of a finished run in that folder').helpGroup(RUN))
    .addOption(new Option('--discard-checkpoint', 'of an unfinished run in that folder').helpGroup(RUN))
    .addOption(new Option('--quiet', 'no progress, only the table and errors'));
  addFileFlags(command, workload, [workload]);
  addParameterFlags(command, workload);
  command.action(async (values: FlagValues) => {
    const { extractVectorsCommand } = await import('./extract-vectors-command.ts');
    host.ended(await extractVectorsCommand(command, values, host));
  });
}
