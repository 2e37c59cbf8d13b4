/** `lockstep cells-steps` and `lockstep cells-precision`: measure, and write the table. */
import type { Command } from 'commander';
import type { CommandHost } from '../../../cli/experiment-commands.ts';
import { type FlagValues, textsOf, wholeFrom } from '../../../cli/flag-values.ts';
import { showTable, tableExit, tableHooks } from '../../../cli/measured-table.ts';
import { Reporter } from '../../../cli/reporter.ts';
import type { Workload } from '../../workload.ts';
import { measurePrecisions } from '../evaluation/precision.ts';
import { precisionFile, precisionMarkdown, precisionNotes, precisionRows } from '../evaluation/precision-table.ts';
import { measureSteps } from '../evaluation/steps.ts';
import { headWords, stepsFile, stepsMarkdown, stepsRows } from '../evaluation/steps-table.ts';
import type { CellsParams } from '../params.ts';
import { withTable } from './table-setting.ts';

const MOST_STEPS = 4096;

/** Resolves to the exit code; stopped, it writes the points that it has. */
export async function stepsCommand(command: Command, values: FlagValues, { io }: CommandHost, workload: Workload) {
  const reporter = new Reporter(io.err, values.quiet === true);
  return await tableExit(reporter, workload, async () => {
    const given = textsOf(values, 'steps').map((text) => wholeFrom('steps', text, 1, MOST_STEPS));
    const rules = textsOf(values, 'rule') as readonly CellsParams['rule'][];
    const hooks = tableHooks(reporter, io);
    const table = await withTable(command, values, workload, ({ config, loaded, place, cells }) => {
      const { params, seed, precision } = config;
      const question = {
        ...{ loaded, params, seed, precision, cells },
        ...(given.length > 0 && { steps: given }),
        ...(rules.length > 0 && { rules }),
      };
      return measureSteps(question, place, { ...hooks, point: () => undefined });
    }).finally(hooks.release);
    await showTable(reporter, values, io, {
      head: headWords(table),
      rows: stepsRows(table),
      notes: [],
      csv: stepsFile(table),
      markdown: stepsMarkdown(table),
    });
    return table.stopped;
  });
}

/** As `stepsCommand`, for precisions. */
export async function precisionCommand(command: Command, values: FlagValues, { io }: CommandHost, workload: Workload) {
  const reporter = new Reporter(io.err, values.quiet === true);
  return await tableExit(reporter, workload, async () => {
    const hooks = tableHooks(reporter, io);
    const table = await withTable(command, values, workload, ({ config, loaded, place, cells }) => {
      const { params, seed } = config;
      return measurePrecisions({ loaded, params, seed, cells }, place, { ...hooks, row: () => undefined });
    }).finally(hooks.release);
    await showTable(reporter, values, io, {
      head: headWords(table),
      rows: precisionRows(table),
      notes: precisionNotes(table),
      csv: precisionFile(table),
      markdown: precisionMarkdown(table),
    });
    return table.stopped;
  });
}
