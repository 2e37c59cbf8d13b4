/** `lockstep cells-steps` and `lockstep cells-precision`: measure, and write the table. */
import type { Command } from 'commander';
import { align } from '../../../cli/align.ts';
import { EXIT, exitOf, explain, StoppedError } from '../../../cli/exit.ts';
import type { CommandHost } from '../../../cli/experiment-commands.ts';
import { type FlagValues, textOf, textsOf, wholeFrom } from '../../../cli/flag-values.ts';
import { Reporter } from '../../../cli/reporter.ts';
import { writeWhole } from '../../../cli/whole-file.ts';
import type { Workload } from '../../workload.ts';
import { measurePrecisions } from '../evaluation/precision.ts';
import { precisionFile, precisionMarkdown, precisionNotes, precisionRows } from '../evaluation/precision-table.ts';
import { measureSteps } from '../evaluation/steps.ts';
import { headWords, stepsFile, stepsMarkdown, stepsRows } from '../evaluation/steps-table.ts';
import type { TableHead } from '../evaluation/types.ts';
import type { CellsParams } from '../params.ts';
import { tableHooks, withTable } from './table-setting.ts';

const MOST_STEPS = 4096;

/** Resolves to the exit code; stopped, it writes the points that it has. */
export async function stepsCommand(command: Command, values: FlagValues, { io }: CommandHost, workload: Workload) {
  const reporter = new Reporter(io.err, values.quiet === true);
  return await told(reporter, workload, async () => {
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
    await show(reporter, values, { io }, table, {
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
  return await told(reporter, workload, async () => {
    const hooks = tableHooks(reporter, io);
    const table = await withTable(command, values, workload, ({ config, loaded, place, cells }) => {
      const { params, seed } = config;
      return measurePrecisions({ loaded, params, seed, cells }, place, { ...hooks, row: () => undefined });
    }).finally(hooks.release);
    await show(reporter, values, { io }, table, {
      rows: precisionRows(table),
      notes: precisionNotes(table),
      csv: precisionFile(table),
      markdown: precisionMarkdown(table),
    });
    return table.stopped;
  });
}

/** The exit code of what measures; an error is told. */
async function told(reporter: Reporter, workload: Workload, measure: () => Promise<boolean>): Promise<number> {
  try {
    return (await measure()) ? EXIT.interrupted : EXIT.ok;
  } catch (thrown) {
    if (thrown instanceof StoppedError) return EXIT.interrupted;
    reporter.warn(explain(thrown, workload));
    return exitOf(thrown);
  }
}

interface Texts {
  readonly rows: readonly (readonly string[])[];
  readonly notes: readonly string[];
  readonly csv: string;
  readonly markdown: string;
}

async function show(
  reporter: Reporter,
  values: FlagValues,
  { io }: Pick<CommandHost, 'io'>,
  table: TableHead,
  texts: Texts,
): Promise<void> {
  reporter.clear();
  for (const line of [headWords(table), ...align(texts.rows), ...texts.notes]) io.out.write(`${line}\n`);
  const [csv, markdown] = [textOf(values, 'csv'), textOf(values, 'markdown')];
  if (csv !== undefined) await writeWhole('csv', csv, texts.csv);
  if (markdown !== undefined) await writeWhole('markdown', markdown, texts.markdown);
}
