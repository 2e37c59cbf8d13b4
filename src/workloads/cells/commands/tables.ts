/** Flags of `lockstep cells-steps` and `lockstep cells-precision`: what steps and precisions do, as tables. */
import { type Command, Option } from 'commander';
import type { CommandHost } from '../../../cli/experiment-commands.ts';
import type { FlagValues } from '../../../cli/flag-values.ts';
import { BACKENDS } from '../../../cli/gpu.ts';
import { LADDER } from '../evaluation/types.ts';
import { cellsExperiment } from '../experiment.ts';
import { REVEAL_RULES } from '../sampling/rules.ts';
import { addTableFlags, tableWorkload } from './table-flags.ts';

/** Of the ladder, which has several of each. */
const LISTED = ['rule', 'steps'];

/** Adds both commands. */
export function addCellsTables(program: Command, host: CommandHost): void {
  const listed = tableWorkload(LISTED);
  const steps = program
    .command('cells-steps')
    .description('Draws cells by rules with more and more steps, and holds each set against real ones.')
    .addOption(new Option('--steps <n...>', `numbers of steps (default ${LADDER.steps.join(' ')})`))
    .addOption(
      new Option('--rule <name...>', `which genes a step reveals (default ${LADDER.rules.join(' ')})`).choices([
        ...REVEAL_RULES,
      ]),
    )
    .addOption(new Option('--precision <name>', 'arithmetic').choices([...cellsExperiment.precisions]));
  addTableFlags(steps, listed).action(async (values: FlagValues) =>
    host.ended(await (await import('./table-commands.ts')).stepsCommand(steps, values, host, listed)),
  );

  const plain = tableWorkload([]);
  const precision = program
    .command('cells-precision')
    .description(
      'Draws the same cells in every precision that the adapter has: speed, bytes, logits, tokens, and what it does to their law.',
    );
  addTableFlags(
    precision,
    plain,
    BACKENDS.filter((name) => name !== 'cpu'),
  ).action(async (values: FlagValues) =>
    host.ended(await (await import('./table-commands.ts')).precisionCommand(precision, values, host, plain)),
  );
}
