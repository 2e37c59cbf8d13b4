/** The files of datasets: an item's arrays in netCDF, what is no array in items.json, a table over all items, and one a table of the run. */
import { encodeCsv } from '../../bundle/csv.ts';
import { writeDatasetNetcdf } from '../../bundle/dataset-netcdf.ts';
import { canonicalJson } from '../../bundle/json.ts';
import { readGivenDataset } from '../../bundle/netcdf-thread.ts';
import type { VerifiedBundle } from '../../bundle/read-bundle.ts';
import type { ResultsAbout } from '../../bundle/readme.ts';
import { textFile } from '../../bundle/types.ts';
import { type Fields, fieldsOf, listOf, numberOf, textOf } from '../../bundle/untrusted-json.ts';
import type { FileEntry, FinishedRun, ResultFiles, RunTable } from '../kind.ts';
import { summaryCsv } from '../summary-csv.ts';
import { fileColumns } from './columns.ts';
import type { Attributes, DatasetDescription, DatasetItem, DatasetSummary } from './item.ts';

type Run = FinishedRun<DatasetItem, DatasetSummary>;

/** Name of an item's file in its folder. */
const ARRAYS = 'arrays.nc';

export function datasetFiles(description: DatasetDescription): ResultFiles<DatasetItem, DatasetSummary> {
  return {
    itemFiles,
    runFiles: (run) => [
      text('items.json', () => itemsJson(run)),
      text('summary.csv', () => summaryCsv(fileColumns(description), run.summaries)),
      ...(run.results?.tables ?? []).map((table) => text(`${table.name}.csv`, () => tableCsv(table))),
    ],
    about: (run) => about(run, description),
    readItem,
  };
}

function itemFiles({ appVersion, precision }: Run, { info, arrays }: DatasetItem): FileEntry[] {
  const path = `${info.runId}/${ARRAYS}`;
  const attributes = {
    name: info.runId,
    creation_library: 'lockstep',
    creation_library_version: appVersion,
    compute_precision: precision,
  };
  return [{ path, make: async () => ({ path, bytes: await writeDatasetNetcdf(arrays, attributes) }) }];
}

/** For each item what is not in its arrays, and how those lie in its file. */
function itemsJson({ items, summaries }: Run): string {
  return canonicalJson({
    items: items.map(({ info, arrays, attributes, work }, i) => ({
      run_id: info.runId,
      index: info.index,
      seed: info.seed,
      truth: info.truth,
      observation: info.observation,
      attributes: Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, written(value)])),
      arrays: arrays.map(({ group, name, dims, shape, unit }) => ({ group, name, dims, shape, unit })),
      work,
      attempts: summaries[i].attempts,
    })),
  });
}

/** JSON has no word for NaN and infinities. */
function written(value: string | number): string | number | null {
  return typeof value === 'string' || Number.isFinite(value) ? value : null;
}

function tableCsv({ columns, rows }: RunTable): string {
  return encodeCsv(
    columns.map(({ name }) => name),
    rows.map((row) => [...row]),
  );
}

function about({ itemName: { one, many }, items, results }: Run, { each }: DatasetDescription): ResultsAbout {
  const [first] = items;
  const path = `${first?.info.runId ?? '<run_id>'}/${ARRAYS}`;
  const groups = [...new Set(first?.arrays.map(({ group }) => group))];
  return {
    each,
    files: [
      [`<run_id>/${ARRAYS}`, `the arrays of one ${one}, netCDF-4, in the groups ${groups.join(', ')}`],
      ['summary.csv', `one line a ${one}`],
      ...(results?.tables ?? []).map(({ name, title }) => [`${name}.csv`, `${title}, over all ${many}`] as const),
      ['items.json', `for each ${one}: seed, truth, texts and numbers, work spent`],
    ],
    python: `With xarray (\`pip install xarray h5netcdf\`):

\`\`\`python
import glob, json
import xarray as xr

${groups.map((group) => `${group} = xr.open_dataset("${path}", group="${group}")\nprint(${group})\n`).join('')}items = json.load(open("items.json"))["items"]
print(items[0]["attributes"])
print(len(glob.glob("*/${ARRAYS}")), "files")
\`\`\`
`,
  };
}

/** @throws FileError */
async function readItem(bundle: VerifiedBundle, file: string, fields: Fields): Promise<DatasetItem> {
  const { name } = bundle;
  const runId = textOf(name, file, fields.run_id);
  const layouts = listOf(name, file, fields.arrays).map((entry) => {
    const { group, name: array, dims, shape, unit } = fieldsOf(name, file, entry);
    return {
      group: textOf(name, file, group),
      name: textOf(name, file, array),
      dims: listOf(name, file, dims).map((dimension) => textOf(name, file, dimension)),
      shape: listOf(name, file, shape).map((length) => numberOf(name, file, length)),
      ...(unit !== undefined && { unit: textOf(name, file, unit) }),
    };
  });
  const path = `${runId}/${ARRAYS}`;
  const truth = Object.entries(fieldsOf(name, file, fields.truth));
  return {
    info: {
      index: numberOf(name, file, fields.index),
      runId,
      seed: numberOf(name, file, fields.seed),
      truth: Object.fromEntries(truth.map(([key, value]) => [key, numberOf(name, file, value)])),
      ...(fields.observation !== undefined && {
        observation: listOf(name, file, fields.observation).map((value) => numberOf(name, file, value)),
      }),
    },
    arrays: await readGivenDataset(`${name}: ${path}`, await bundle.bytes(path), layouts),
    attributes: attributesOf(name, file, fieldsOf(name, file, fields.attributes)),
    work: numberOf(name, file, fields.work),
  };
}

function attributesOf(name: string, file: string, fields: Fields): Attributes {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, typeof value === 'number' ? value : textOf(name, file, value)]),
  );
}

function text(path: string, make: () => string): FileEntry {
  return { path, make: () => textFile(path, make()) };
}
