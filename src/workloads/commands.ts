/** Commands that experiments add to the command line, a line an experiment, in the order in which its help lists them. */
import type { AddCommands } from '../cli/experiment-commands.ts';

export const commands: readonly AddCommands[] = [
  async (...given) => (await import('./shear/commands/index.ts')).addShearCommands(...given),
  async (...given) => (await import('./flow/commands/index.ts')).addFlowCommands(...given),
  async (...given) => (await import('./cells/commands/index.ts')).addCellsCommands(...given),
  async (...given) => (await import('./activations/commands/index.ts')).addActivationsCommands(...given),
  async (...given) => (await import('./analysis/commands/index.ts')).addAnalysisCommands(...given),
];
