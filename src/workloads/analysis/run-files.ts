/** Files of a run beside those that any run has: every array as .npy, what is said of each metric as JSON, and what reads both. */
import { canonicalJson, type JsonValue } from '../../bundle/json.ts';
import { encodeNpy } from '../../bundle/npy.ts';
import { type FileEntry, textEntry } from '../../bundle/types.ts';
import type { ItemArray } from '../../results/arrays.ts';
import type { DatasetItem } from '../../results/dataset/item.ts';
import type { FinishedRun } from '../../results/kind.ts';
import type { OwnRunFiles } from '../workload.ts';
import { LOAD_PY } from './load-py.ts';
import type { AnalysisProblem } from './problem.ts';
import { toldOf } from './result.ts';

const FOLDER = 'metrics';

const json = (path: string, value: () => object): FileEntry =>
  textEntry(path, () => canonicalJson(JSON.parse(JSON.stringify(value())) as JsonValue));

export async function runFiles({ file }: AnalysisProblem, run: FinishedRun<DatasetItem>): Promise<OwnRunFiles> {
  const { graph } = file;
  const items = file.itemFiles(FOLDER);
  const entries = [
    ...run.items.flatMap(metricEntries),
    items.entry,
    json(`${FOLDER}/parameters.json`, () => ({
      model: file.name,
      size: graph.size,
      tensors: graph.parameters.map(({ name, shape, at }) => ({ name, shape, at })),
    })),
    textEntry('load.py', () => LOAD_PY),
  ];
  return {
    entries,
    about: [
      [`${FOLDER}/<metric>/metric.json`, 'its numbers with errors and controls, its definition, theirs beside ours'],
      [`${FOLDER}/<metric>/*.npy`, 'its arrays; dims are in metric.json'],
      [items.entry.path, items.about],
      [`${FOLDER}/parameters.json`, 'tensors of the network in the order in which vectors of parameters have them'],
      ['load.py', 'reads all of that with NumPy'],
    ],
    python: `With NumPy alone:

\`\`\`python
import load

for name in load.names():
    metric = load.metric(name)
    print(name, [(each["name"], each["value"]) for each in metric["headlines"]])
    print({array: values.shape for array, values in metric["arrays"].items()})
\`\`\`
`,
  };
}

function metricEntries(item: DatasetItem): FileEntry[] {
  const { metric, told: _told, texts: _texts, ...attributes } = item.attributes;
  const folder = `${FOLDER}/${metric}`;
  return [
    json(`${folder}/metric.json`, () => ({
      ...attributes,
      metric,
      ...toldOf(item),
      arrays: item.arrays.map(({ name, dims, shape }) => ({ name, dims, shape })),
    })),
    ...item.arrays.map((array): FileEntry => {
      const path = `${folder}/${array.name}.npy`;
      return { path, make: () => ({ path, bytes: encodeNpy(plain(array), array.shape) }) };
    }),
  ];
}

/** Whole numbers as f64, exactly: .npy files are written of real numbers and bytes. */
const plain = ({ values }: ItemArray) => (values instanceof Int32Array ? Float64Array.from(values) : values);
