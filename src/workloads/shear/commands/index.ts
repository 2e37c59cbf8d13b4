/** Flags of `lockstep extract` and `lockstep stats`, those of SHINE's `shine-bias-extract` and `shine-bias-stats`. */
import { type Command, Option } from 'commander';
import type { CommandHost } from '../../../cli/experiment-commands.ts';
import { LEVELS } from '../shine/levels.ts';
import { type ExtractOptions, extractCommand } from './extract-command.ts';
import { type StatsOptions, statsCommand } from './stats-command.ts';

/** Adds both commands. */
export function addShearCommands(program: Command, { io, ended }: CommandHost): void {
  program
    .command('extract')
    .description("Summarizes a folder of posteriors, of Lockstep or SHINE, into SHINE's summary.csv.")
    .requiredOption('--input-dir <folder>', 'holds <run_id>/posterior.nc and <run_id>/truth.json')
    .requiredOption('--output <file>', 'the table to write')
    .action(async (options: ExtractOptions) => ended(await extractCommand(options, io)));

  program
    .command('stats')
    .description('Bias with and without the prior, coverage, ranks and SHINE’s acceptance from a summary.csv.')
    .requiredOption('--input <file>', 'a summary.csv')
    .requiredOption('--output-dir <folder>', 'where bias_results.json and plots go')
    .addOption(new Option('--level <name>', "SHINE's validation level").choices(LEVELS).default('level_0'))
    .option(
      '--posterior-dir <folder>',
      'the posteriors behind the table: for correlations, coverage by quantiles and ranks',
    )
    .option('--prior-g1 <mean,sigma>', 'normal prior of g1, where no run.json beside the input says it')
    .option('--prior-g2 <mean,sigma>', 'normal prior of g2')
    .action(async (options: StatsOptions) => ended(await statsCommand(options, io)));
}
