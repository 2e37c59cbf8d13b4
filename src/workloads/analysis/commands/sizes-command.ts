/** `lockstep sizes`: what metrics take on a device, from a config.json alone. */
import { basename, dirname, join } from 'node:path';
import { MEMORY_CLASSES, type MemoryClass } from '../../../batch/memory-class.ts';
import { FileError } from '../../../bundle/file-error.ts';
import { align } from '../../../cli/align.ts';
import { EXIT, exitOf, explain } from '../../../cli/exit.ts';
import { type FlagValues, textOf, textsOf, wholeOf } from '../../../cli/flag-values.ts';
import { jsonObjectIn } from '../../../cli/json-object.ts';
import type { RunIo } from '../../../cli/run-io.ts';
import { decoderGraph, graphObjection } from '../../../nn/graph/decoder-graph.ts';
import type { Graph } from '../../../nn/graph/graph.ts';
import { readConfig } from '../../../nn/transformer/config.ts';
import { KNOWN_MODELS } from '../../language-models/known-models.ts';
import { paramFromText } from '../../param-text.ts';
import { ConfigError, type Workload } from '../../workload.ts';
import { METRIC_LIST } from '../metric-list.ts';
import { CLASS_MEMORY, type MetricMemory, metricMemory, metricsFor } from '../metric-memory.ts';
import { analysisParams } from '../params.ts';
import { analysisWorkload } from '../workload.ts';

/** Phones are of the first class. */
const CLASSES: readonly MemoryClass[] = ['integrated', 'software', '8GB', '24GB', '80GB'];
const MOST = 65_536;
const ADVICE = 'Give the config.json of a model.';

/** Writes the table and resolves to the exit code. What is wrong with the command is told on standard error. */
export async function sizesCommand(values: FlagValues, io: RunIo): Promise<number> {
  try {
    const { name, graph } = await graphOf(values);
    const classes = classesOf(values);
    const items = wholeOf(values, 'items', 256, 1, MOST);
    const length = wholeOf(values, 'length', Math.min(256, graph.positions), 2, graph.positions);
    const texts = Array.from({ length: items }, (_, i) => ({
      name: `text ${i + 1}`,
      ids: new Array<number>(length).fill(0),
      group: i % 2 === 0 ? 'positive' : 'negative',
      counterfactual: new Array<number>(length).fill(0),
    }));
    const ids = metricsOf(values);
    const rows = metricsFor(ids).map((metric) =>
      classes.map((memoryClass) => metricMemory(metric, graph, texts, memoryClass)),
    );
    for (const line of sizeLines(name, graph, length, classes, rows)) io.out.write(`${line}\n`);
    return EXIT.ok;
  } catch (thrown) {
    io.err.write(`${explain(thrown, analysisWorkload as unknown as Workload)}\n`);
    return exitOf(thrown);
  }
}

async function graphOf(values: FlagValues): Promise<{ readonly name: string; readonly graph: Graph }> {
  // Without a folder the flag alone asks.
  const folder = values.model === true ? undefined : textOf(values, 'model');
  const file = folder === undefined || folder.endsWith('.json') ? folder : join(folder, 'config.json');
  const [known] = KNOWN_MODELS;
  const spec =
    file === undefined ? readConfig(known.name, known.config) : readConfig(file, await jsonObjectIn(file, ADVICE));
  const name = file === undefined ? known.name : basename(dirname(file));
  const objection = graphObjection(spec);
  if (objection) throw new FileError(file ?? name, 'it cannot be analysed', objection);
  return { name, graph: decoderGraph(spec) };
}

function metricsOf(values: FlagValues): readonly string[] {
  const text = textOf(values, 'metrics');
  const spec = analysisParams.find(({ key }) => key === 'metrics')!;
  return text === undefined ? METRIC_LIST.map(({ value }) => value) : String(paramFromText(spec, text)).split(',');
}

function classesOf(values: FlagValues): readonly MemoryClass[] {
  const given = textsOf(values, 'class');
  const wrong = given.find((name) => !(MEMORY_CLASSES as readonly string[]).includes(name));
  if (wrong !== undefined)
    throw new ConfigError('class', `there is no memory class ${wrong}; give some of ${MEMORY_CLASSES.join(', ')}.`);
  return given.length > 0 ? (given as MemoryClass[]) : CLASSES;
}

const size = (bytes: number) =>
  bytes >= 2 ** 30 ? `${(bytes / 2 ** 30).toFixed(2)} GiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** A line a metric, two columns a class: how many of how many at once, and all bytes. */
export function sizeLines(
  name: string,
  { size: parameters, layers }: Graph,
  length: number,
  classes: readonly MemoryClass[],
  rows: readonly (readonly MetricMemory[])[],
): string[] {
  return [
    `${name}: ${parameters.toLocaleString('en-US')} parameters, ${layers} blocks. Texts of ${length} tokens. Every buffer, exact, from the configuration alone.`,
    `Rows at once by the table of batches, halved where they do not fit (${classes.map((each) => `${each}: ${size(CLASS_MEMORY[each].bytes)}, bindings of ${size(CLASS_MEMORY[each].binding)}`).join('; ')}).`,
    '',
    ...align([
      ['Metric', 'N', 'Halved on out-of-memory', ...classes.flatMap((each) => [`${each}: rows`, 'bytes', 'a quarter'])],
      ...rows.map((own) => [
        own[0].metric.title,
        String(own[0].items),
        own[0].metric.chunk,
        ...own.flatMap(({ rows: at, configured, bytes, fewer, tooLarge }) => [
          at === configured ? String(at) : `${at} (of ${configured})`,
          `${bytes.toLocaleString('en-US')}${tooLarge ? ' too much' : ''}`,
          fewer ? `${fewer.rows}: ${size(fewer.bytes)}` : '–',
        ]),
      ]),
    ]),
    '',
    'N, steps, probes and draws never follow the device: they are what is estimated.',
    ...tooMuch(rows),
  ];
}

/** What to lower where not even the least fits. */
function tooMuch(rows: readonly (readonly MetricMemory[])[]): string[] {
  const lines = rows.flatMap((own) => {
    const classes = own.flatMap(({ tooLarge, memoryClass }) => (tooLarge ? [memoryClass] : []));
    return classes.length > 0 ? [`${own[0].metric.title} (${classes.join(', ')}): ${own[0].metric.lighter}`] : [];
  });
  return lines.length > 0 ? ['', 'Too much even with a row at once:', ...lines] : [];
}
