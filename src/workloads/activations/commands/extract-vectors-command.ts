/** `lockstep extract-vectors`: a run unless there is one, its activations, vectors with scores and controls, and their files. */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { FileError } from '../../../bundle/file-error.ts';
import type { BundleFile } from '../../../bundle/types.ts';
import { align } from '../../../cli/align.ts';
import { EXIT, StoppedError } from '../../../cli/exit.ts';
import type { CommandHost } from '../../../cli/experiment-commands.ts';
import { type FlagValues, textOf, textsOf, wholeFrom, wholeOf } from '../../../cli/flag-values.ts';
import { givenFlags } from '../../../cli/flags.ts';
import { duration, Reporter } from '../../../cli/reporter.ts';
import type { RunIo } from '../../../cli/run-io.ts';
import { writeWhole } from '../../../cli/whole-file.ts';
import { ConfigError } from '../../workload.ts';
import { parsePositions } from '../data/positions.ts';
import { activationsExperiment } from '../experiment.ts';
import { pathPart } from '../vectors/files/names.ts';
import { type FolderFiles, readActivations } from '../vectors/files/read-activations.ts';
import { vectorEntries } from '../vectors/files/vector-entries.ts';
import { type FittedTable, GrowingTable } from '../vectors/growing-table.ts';
import { vectorNews } from '../vectors/table.ts';
import { scoresCsv, tableJson, tableRows } from '../vectors/table-text.ts';
import { type Method, type PooledActivations, VECTOR_OPTIONS, type VectorOptions } from '../vectors/types.ts';

const OUTPUT = 'results/activations-vectors';
const MOST_LAYERS = 10_000;
const MOST_FOLDS = 100;
/** So long before an interrupt is heard, ms. */
const TURN_MS = 100;

/** Resolves to the exit code: that of the run where it ends badly. */
export async function extractVectorsCommand(command: Command, values: FlagValues, host: CommandHost): Promise<number> {
  const { io } = host;
  const reporter = new Reporter(io.err, values.quiet === true);
  const options = optionsOf(values);
  const from = textOf(values, 'from');
  const folder = from ?? textOf(values, 'outputDir') ?? OUTPUT;
  if (from === undefined) {
    const given = new Map(givenFlags(command)).set('output-dir', folder);
    const code = await host.run(activationsExperiment.id, given);
    if (code !== EXIT.ok) return code;
  }
  const { pooled, about, base } = await activationsIn(
    folder,
    from === undefined ? undefined : textOf(values, 'position'),
  );
  const begin = performance.now();
  const fitted = await fittedTable(pooled, options, reporter, io);
  reporter.clear();
  const { table } = fitted;
  for (const line of align(tableRows(table))) io.out.write(`${line}\n`);
  for (const note of table.notes) io.out.write(`${note}\n`);
  const output = textOf(values, 'vectors') ?? `${folder.replace(/[/\\]+$/, '')}-vectors`;
  const count = await write(output, vectorEntries(base, fitted, about));
  const [json, csv] = [textOf(values, 'json'), textOf(values, 'csv')];
  if (json !== undefined) await writeWhole('json', json, tableJson(table));
  if (csv !== undefined) await writeWhole('csv', csv, scoresCsv(table));
  io.out.write(
    `${fitted.vectors.length} vectors in ${duration(performance.now() - begin)}; ${count} files in ${output}\n`,
  );
  return EXIT.ok;
}

function optionsOf(values: FlagValues): VectorOptions {
  const methods = textsOf(values, 'methods') as readonly Method[];
  const layers = textsOf(values, 'layers').map((text) => wholeFrom('layers', text, 0, MOST_LAYERS));
  return {
    ...VECTOR_OPTIONS,
    ...(methods.length > 0 && { methods }),
    ...(layers.length > 0 && { layers }),
    rows: textOf(values, 'rows') === 'unit' ? 'unit' : 'raw',
    zeroMassive: values.zeroMassive === true,
    folds: wholeOf(values, 'folds', VECTOR_OPTIONS.folds, 2, MOST_FOLDS),
  };
}

/** @throws StoppedError after Ctrl-C */
async function fittedTable(
  pooled: PooledActivations,
  options: VectorOptions,
  reporter: Reporter,
  io: RunIo,
): Promise<FittedTable> {
  const table = begun(pooled, options);
  let stopped = false;
  const release = io.onInterrupt(() => {
    stopped = true;
  });
  const begin = performance.now();
  let turn = begin;
  const pause = async () => {
    if (performance.now() - turn < TURN_MS) return;
    await new Promise((resolve) => setTimeout(resolve));
    turn = performance.now();
    if (stopped) throw new StoppedError('stopped');
  };
  try {
    for await (const news of vectorNews(pooled, options, pause)) {
      table.add(news);
      const elapsedMs = performance.now() - begin;
      const fraction = news.done / Math.max(1, news.of);
      reporter.show(fraction, `${Math.round(100 * fraction)} %  fitting vectors  ${duration(elapsedMs)}`, elapsedMs);
    }
  } finally {
    release();
  }
  return table.now;
}

function begun(pooled: PooledActivations, options: VectorOptions): GrowingTable {
  try {
    return new GrowingTable(pooled, options);
  } catch (error) {
    if (error instanceof RangeError) throw new ConfigError('trait', `${error.message}.`);
    throw error;
  }
}

/** Those of the only trait and model below the folder. @param positions "response[:5], prompt[-1]"; all unless given */
async function activationsIn(folder: string, positions: string | undefined) {
  const paths = (await readdir(folder, { recursive: true }).catch(() => []))
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /^extraction\/.+\/activations\/[^/]+\/[^/]+\/metadata\.json$/.test(path))
    .sort();
  if (paths.length === 0)
    throw new ConfigError(
      'from',
      `${folder} has no activations of texts with labels (extraction/…/activations). Give the output folder of a run of positive and negative texts.`,
    );
  const bases = [...new Set(paths.map((path) => path.replace(/\/activations\/.*$/, '')))];
  if (bases.length > 1)
    throw new ConfigError(
      'from',
      `${folder} has activations of several runs: ${bases.join(', ')}. Give a folder of one.`,
    );
  const folders = new Map<string, FolderFiles>(
    paths.map((path) => [
      join(folder, dirname(path)),
      async (name) => {
        const bytes = await readFile(join(folder, dirname(path), name)).catch(() => undefined);
        return bytes && new Uint8Array(bytes);
      },
    ]),
  );
  const { pooled, about } = await readActivations(folders);
  const wanted = positions === undefined ? undefined : parsePositions(positions).map(({ words }) => words);
  const parts = pooled.parts.filter(({ position }) => !wanted || wanted.includes(position));
  if (parts.length === 0) {
    const there = [...new Set(pooled.parts.map(({ position }) => position))].join(', ');
    throw new FileError(folder, `it has activations at ${there} alone`, 'Ask for one of those, or run anew.');
  }
  return { pooled: { ...pooled, parts }, about, base: bases[0] };
}

async function write(folder: string, entries: ReturnType<typeof vectorEntries>): Promise<number> {
  for (const entry of entries) {
    const { path, bytes } = (await entry.make()) as BundleFile;
    const parts = path.split('/').map((part) => pathPart(part, 'file'));
    const target = join(folder, ...parts);
    await mkdir(dirname(target), { recursive: true });
    await writeWhole('vectors', target, bytes);
  }
  return entries.length;
}
