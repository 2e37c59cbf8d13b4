/** Commands of the activations experiment. */
import type { Command } from 'commander';
import type { CommandHost } from '../../../cli/experiment-commands.ts';

export function addActivationsCommands(_program: Command, _host: CommandHost): void {}
