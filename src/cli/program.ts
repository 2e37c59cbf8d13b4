/**
 * The commands: `run`, `tune`, `compare-precisions`, `presets`, `sizes`, `info`, and those that experiments add. Parsing and help are
 * commander's; every parameter's flag comes from its table.
 */
import { Command, CommanderError, Option } from 'commander';
import { MEMORY_CLASSES } from '../batch/memory-class.ts';
import { findWorkload, type Registry } from '../engine/config/run-config.ts';
import { precisionsOn } from '../engine/plan/plan-run.ts';
import { isMeasurable } from '../engine/quality/of-run.ts';
import { selfTest } from '../engine/self-test/run.ts';
import { PRECISIONS } from '../gpu/precision.ts';
import { QUALITY_POINTS } from '../results/posterior/quality/types.ts';
import type { Workload } from '../workloads/workload.ts';
import { comparePrecisionsCommand } from './compare-precisions-command.ts';
import { EXIT, exitOf, explain } from './exit.ts';
import type { AddCommands, CommandHost } from './experiment-commands.ts';
import { readExtended } from './extend.ts';
import type { FlagValues } from './flag-values.ts';
import { addFileFlags, addParameterFlags, type GivenFlags, givenFlags, isOwnFlag } from './flags.ts';
import { BACKENDS, openGpu } from './gpu.ts';
import { readConfig } from './inputs.ts';
import { requireMeasurable } from './quality.ts';
import { readResume } from './resume.ts';
import { runCommand } from './run-command.ts';
import type { RunIo } from './run-io.ts';
import type { SelfTestCache } from './self-test-cache.ts';
import { sizesCommand } from './sizes-command.ts';
import { tuneCommand } from './tune-command.ts';

export interface CliOptions {
  readonly registry: Registry;
  /** Commands of experiments, in the order in which the help lists them; none unless given. */
  readonly commands?: readonly AddCommands[];
  readonly io: RunIo;
  readonly version: string;
  /** Where devices that have passed the self-test are noted; without it each is tried. */
  readonly selfTests?: SelfTestCache;
}

/**
 * Runs a command line (without the program's own name) and resolves to its exit code. Everything it says goes through `io`.
 */
export async function runCli(args: readonly string[], options: CliOptions): Promise<number> {
  const { io, registry, commands = [] } = options;
  let code: number = EXIT.ok;
  try {
    // The experiment decides which flags there are, so it is known before parsing: from its flag, from the run.json or from
    // the checkpoint. Of other commands `--resume` is what they make of it.
    const resumed = await readResume(args[0] === 'run' ? valueAfter(args, '--resume') : undefined);
    const extended = await readExtended(args[0] === 'run' ? valueAfter(args, '--extend') : undefined, registry);
    const base = resumed?.base ?? extended?.base ?? (await readConfig(valueAfter(args, '--config')));
    const workload = findWorkload(valueAfter(args, '--workload') ?? base.workload, registry);
    const actions = {
      run: async (command: Command) => {
        const given = givenFlags(command);
        requireMeasurable(workload, given, registry);
        code = await runCommand({ workload, base, resumed, extended, given, io, selfTests: options.selfTests });
      },
      tune: async (command: Command) => {
        code = await tuneCommand({ workload, base, given: givenFlags(command), io });
      },
      comparePrecisions: async (command: Command) => {
        code = await comparePrecisionsCommand({ workload, base, given: givenFlags(command), io });
      },
      sizes: async (command: Command) => {
        const given = givenFlags(command);
        const own = ownSizes.find(({ flags }) => flags.some((flag) => given.has(flag)));
        code = own ? await own.answer(command.opts()) : await sizesCommand({ workload, base, given, io });
      },
    };
    const ownSizes: { flags: readonly string[]; answer: (values: FlagValues) => Promise<number> }[] = [];
    const program = makeProgram(workload, options, actions);
    const host: CommandHost = {
      io,
      sizes: (options, answer) => {
        const command = program.commands.find((each) => each.name() === 'sizes')!;
        for (const option of options) command.addOption(option);
        ownSizes.push({ flags: options.map(({ long }) => long!.replace(/^--/, '')), answer });
      },
      workload: valueAfter(args, '--workload'),
      run: (id: string, given: GivenFlags) =>
        runCommand({ workload: findWorkload(id, registry), base: {}, given, io, selfTests: options.selfTests }),
      ended: (ended: number) => {
        code = ended;
      },
    };
    for (const add of commands) await add(program, host);
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (thrown) {
    // Commander has said what is wrong already; help and version end with its code 0.
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.ok : EXIT.usage;
    io.err.write(`${explain(thrown)}\n`);
    return exitOf(thrown);
  }
}

/** The value of a flag in raw arguments. */
function valueAfter(args: readonly string[], flag: string): string | undefined {
  const at = args.findIndex((arg) => arg === flag || arg.startsWith(`${flag}=`));
  if (at < 0) return undefined;
  return args[at] === flag ? args[at + 1] : args[at].slice(flag.length + 1);
}

const memoryClassOption = () =>
  new Option('--memory-class <name>', 'whose values of the batch table are taken (default: guessed)').choices([
    'auto',
    ...MEMORY_CLASSES,
  ]);

const BATCH_SIZE = [
  '--batch-size <n>',
  'items in a chunk, or "auto" (the default); results do not depend on it',
] as const;

/** The experiments that help tells of; the one that was asked for was found, listed or not, before flags are read. */
function listed(registry: Registry): string {
  return registry
    .filter(({ hidden }) => !hidden)
    .map(({ id }) => `"${id}"`)
    .join(', ');
}

/** The flags that make a configuration, but the experiment's own parameters. */
function addConfigFlags(command: Command, workload: Workload, registry: Registry): void {
  command
    .addOption(new Option('--workload <id>', `experiment (choices: ${listed(registry)})`))
    .addOption(
      new Option('--preset <id>', 'where the parameters start from')
        .choices(workload.presets.map(({ id }) => id))
        .conflicts('config'),
    )
    .addOption(new Option('--config <file>', 'a run.json; flags given beside it override it'))
    .addOption(new Option('--base-seed <n>', 'seed of the first item, then counted up (default 42)'))
    .addOption(new Option('--seed <n>', 'the same as --base-seed').conflicts('baseSeed'))
    .addOption(new Option('--precision <name>', 'arithmetic').choices([...workload.precisions]))
    .addOption(new Option('--memory-budget <MiB>', 'GPU memory a chunk may take (default 1024)'))
    .addOption(memoryClassOption())
    .addOption(new Option('--size <key=value...>', 'other sizes of the batch table, see `lockstep sizes`'));
  addFileFlags(command, workload, registry);
}

function makeProgram(
  workload: Workload,
  { io, registry, version, selfTests }: CliOptions,
  actions: Readonly<Record<'run' | 'tune' | 'sizes' | 'comparePrecisions', (command: Command) => Promise<void>>>,
): Command {
  const program = new Command('lockstep')
    .description('Batched inference in lock-step on the GPU, headless.')
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.out.write(text), writeErr: (text) => io.err.write(text) })
    .showSuggestionAfterError();

  const run = program.command('run').description(`Runs an experiment. Without --workload: ${registry[0].title}.`);
  addConfigFlags(run, workload, registry);
  run
    .addOption(new Option(...BATCH_SIZE))
    .addOption(new Option('--output-dir <folder>', 'where results go (default results/<experiment>-<preset>)'))
    .addOption(
      new Option(
        '--resume <folder>',
        'goes on with a run that was cut short into that output folder: finished items are kept, the rest is run, ' +
          'the result is the one it would have had; flags may not contradict it',
      ).conflicts(['config', 'outputDir', 'discardCheckpoint', 'overwrite', 'append']),
    )
    .addOption(
      new Option(
        '--extend <folder>',
        'adds to the finished run in that output folder: its configuration but for the flags given, which may list more to compute; ' +
          'what it has computed is kept, and the result is that of one run of all; written there unless --output-dir says otherwise',
      ).conflicts(['config', 'resume', 'append', 'overwrite']),
    )
    .addOption(
      new Option('--discard-checkpoint', 'begins anew in a folder that holds an unfinished run, which is given up'),
    )
    .addOption(
      new Option(
        '--overwrite',
        'in a folder that holds another finished run: removes the files that its manifest lists, then runs',
      ),
    )
    .addOption(
      new Option(
        '--append',
        'in a folder that holds another finished run: keeps its items and adds those of this run, of other names; ' +
          'summary.csv and manifest.json tell of this run alone',
      ).conflicts('overwrite'),
    )
    .addOption(new Option('--backend <name>', 'where it computes').choices([...BACKENDS]))
    .addOption(new Option('--cpu', 'without a GPU, slower; the same as --backend cpu').conflicts('backend'))
    .addOption(
      new Option('--self-test', 'tries the device even where it has passed within the last week').conflicts('cpu'),
    )
    .addOption(new Option('--quiet', 'no progress, only the summary and errors'));
  const metrics = new Option(
    '--metrics [size]',
    'holds the posteriors against the exact ones (C2ST, MMD, sliced W2, calibration): quick or full, into metrics.json',
  ).choices(Object.keys(QUALITY_POINTS));
  // Known everywhere, so that it can be refused with a reason, but where it is the experiment's own word.
  if (!isOwnFlag(workload, 'metrics')) run.addOption(isMeasurable(workload) ? metrics : metrics.hideHelp());
  addParameterFlags(run, workload);
  run.action((_options, command: Command) => actions.run(command));

  const tune = program
    .command('tune')
    .description('Measures which batch size suits this adapter, and remembers it for `run --batch-size auto`.');
  addConfigFlags(tune, workload, registry);
  tune
    // Known, so that it can be refused with a reason.
    .addOption(new Option(...BATCH_SIZE).hideHelp())
    .addOption(new Option('--backend <name>', 'where it computes').choices(BACKENDS.filter((name) => name !== 'cpu')))
    .addOption(
      new Option(
        '--beyond [items]',
        'goes on beyond the items of the run, up to so many at once or as many as fit the memory, for their speed alone: ' +
          'further ones are simulated, those of own data repeated, and no result is kept',
      ),
    )
    .addOption(new Option('--price <per hour>', 'of this machine: adds the cost to the comparison'))
    .addOption(new Option('--csv <file>', 'writes the comparison as CSV'))
    .addOption(new Option('--markdown <file>', 'writes the comparison as Markdown'))
    .addOption(new Option('--quiet', 'no log, only the result and errors'));
  addParameterFlags(tune, workload);
  tune.action((_options, command: Command) => actions.tune(command));

  const compare = program
    .command('compare-precisions')
    .description('Runs an experiment in every precision that the adapter has: speed, memory, differences and C2ST.');
  addConfigFlags(compare, workload, registry);
  compare
    .addOption(new Option('--backend <name>', 'where it computes').choices(BACKENDS.filter((name) => name !== 'cpu')))
    .addOption(new Option('--csv <file>', 'writes the table as CSV'))
    .addOption(new Option('--markdown <file>', 'writes the table as Markdown'))
    .addOption(new Option('--quiet', 'no progress, only the result and errors'));
  addParameterFlags(compare, workload);
  compare.action((_options, command: Command) => actions.comparePrecisions(command));

  program
    .command('presets')
    .description('Lists experiments and their presets.')
    .action(() => {
      for (const { id, title, presets } of registry.filter(({ hidden }) => !hidden)) {
        io.out.write(`${id}: ${title}\n`);
        for (const preset of presets) io.out.write(`  ${preset.id.padEnd(16)} ${preset.label}. ${preset.help}\n`);
      }
    });

  const sizes = program
    .command('sizes')
    .description(
      'Lists the batch table: every chunk, tile and piece size, its value on this machine, and what it changes.',
    )
    .addOption(new Option('--config <file>', 'a run.json, whose sizes and memory class are taken'))
    .addOption(memoryClassOption())
    .addOption(new Option('--size <key=value...>', 'shows the table with other sizes, each checked'))
    .addOption(
      new Option('--backend <name>', 'where runs would compute').choices([...BACKENDS]).conflicts('memoryClass'),
    );
  sizes.action((_options, command: Command) => actions.sizes(command));

  program
    .command('info')
    .description('Describes the GPU adapter that runs would use, and how it does in the self-test.')
    .addOption(new Option('--backend <name>', 'where to look').choices(BACKENDS.filter((name) => name !== 'cpu')))
    .action(async ({ backend = 'auto' }: { backend?: 'auto' | 'vulkan' }) => {
      const device = await openGpu(backend);
      try {
        const { report } = device.gpu;
        // What is remembered of devices is worth no more than this.
        await selfTests?.clear();
        const tested = PRECISIONS.filter((each) => registry.some((one) => precisionsOn(one, report).includes(each)));
        io.out.write(
          `${JSON.stringify({ ...report, selfTest: await selfTest(device.gpu, registry, tested) }, null, 2)}\n`,
        );
      } finally {
        device.release();
      }
    });
  return program;
}
