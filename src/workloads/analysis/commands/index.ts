/** Commands of the analysis experiment. */
import { type Command, Option } from 'commander';
import type { CommandHost } from '../../../cli/experiment-commands.ts';

const GROUP = 'What metrics of a model take, from its config.json alone:';

/** `sizes` of a model: what every metric takes on devices of several classes. */
export function addAnalysisCommands(_program: Command, { io, sizes }: CommandHost): void {
  const option = (flags: string, help: string) => new Option(flags, help).helpGroup(GROUP);
  sizes(
    [
      option(
        '--model [folder]',
        'folder of the model, or its config.json; without one, GPT-2 of 124 million parameters',
      ),
      option('--metrics <names>', 'all, or some with commas between (default all)'),
      option('--items <n>', 'texts (default 256)'),
      option('--length <n>', 'tokens of each (default 256)'),
      option('--class <names...>', 'memory classes (default integrated software 8GB 24GB 80GB)'),
    ],
    async (values) => (await import('./sizes-command.ts')).sizesCommand(values, io),
  );
}
