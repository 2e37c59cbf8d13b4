/** Commands of the activations experiment. */
import type { Command } from 'commander';
import type { CommandHost } from '../../../cli/experiment-commands.ts';
import { addExtractVectors } from './extract-vectors-flags.ts';
import { addMemory } from './memory-flags.ts';
import { addTables } from './tables.ts';
import { addTraining } from './train-flags.ts';

const ID = 'activations';

/** Adds `extract-vectors`, the tables, and `train` where this experiment is asked for. */
export function addActivationsCommands(program: Command, host: CommandHost): void {
  addExtractVectors(program, host);
  addTables(program, host);
  addMemory(program, host);
  if (host.workload === ID) addTraining(program, host);
}
