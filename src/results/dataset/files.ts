/** The files of datasets: an item's arrays in netCDF, what is no array in items.json, a table over all items, and one a table of the run. */
import * as v from 'valibot';
import { writeDatasetNetcdf } from '../../bundle/dataset-netcdf.ts';
import { canonicalJson } from '../../bundle/json.ts';
import { named, readJson, record, toFields } from '../../bundle/json-record.ts';
import { readGivenDataset } from '../../bundle/netcdf-thread.ts';
import type { VerifiedBundle } from '../../bundle/read-bundle.ts';
import type { ResultsAbout } from '../../bundle/readme.ts';
import { type FileEntry, textEntry } from '../../bundle/types.ts';
import { infoFields } from '../info-fields.ts';
import type { FinishedRun, ResultFiles } from '../kind.ts';
import { summaryCsv } from '../summary-csv.ts';
import { tableCsv } from '../table-csv.ts';
import { fileColumns } from './columns.ts';
import type { DatasetDescription, DatasetItem, DatasetSummary } from './item.ts';

type Run = FinishedRun<DatasetItem, DatasetSummary>;

/** Name of an item's file in its folder. */
const ARRAYS = 'arrays.nc';

export function datasetFiles(description: DatasetDescription): ResultFiles<DatasetItem, DatasetSummary> {
  return {
    itemFiles,
    runFiles: (run) => [
      textEntry('items.json', () => itemsJson(run)),
      textEntry('summary.csv', () => summaryCsv(fileColumns(description), run.summaries)),
      ...(run.results?.tables ?? []).map((table) => textEntry(`${table.name}.csv`, () => tableCsv(table))),
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

/** JSON has no word for NaN and infinities. */
const attribute = v.pipe(
  v.custom<string | number | null>(
    (value) => value === null || ['string', 'number'].includes(typeof value),
    'a number or a text',
  ),
  v.transform((value) => value ?? Number.NaN),
);

/** Of an item what is not in its arrays, and how those lie in its file. */
const ENTRY = record({
  ...infoFields,
  attributes: named(attribute),
  arrays: v.array(
    record({
      group: v.string(),
      name: v.string(),
      dims: v.array(v.string()),
      shape: v.array(v.number()),
      unit: v.optional(v.string()),
    }),
  ),
  work: v.number(),
});

function itemsJson({ items, summaries }: Run): string {
  return canonicalJson({
    items: items.map(({ info, ...item }, i) => ({
      ...toFields(ENTRY, { ...info, ...item }),
      attempts: summaries[i].attempts,
    })),
  });
}

function about({ itemName: { one, many }, items, results }: Run, { each }: DatasetDescription): ResultsAbout {
  const [first] = items;
  const path = `${first?.info.runId ?? '<run_id>'}/${ARRAYS}`;
  const groups = [...new Set(first?.arrays.map(({ group }) => group))];
  return {
    each,
    files: [
      [
        `<run_id>/${ARRAYS}`,
        `the arrays of one ${one}, netCDF-4, in the ${groups.length === 1 ? 'group' : 'groups'} ${groups.join(', ')}`,
      ],
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
async function readItem(bundle: VerifiedBundle, file: string, entry: unknown): Promise<DatasetItem> {
  const { attributes, arrays, work, ...info } = readJson(bundle.name, file, ENTRY, entry);
  const path = `${info.runId}/${ARRAYS}`;
  return {
    info,
    arrays: await readGivenDataset(`${bundle.name}: ${path}`, await bundle.bytes(path), arrays),
    attributes,
    work,
  };
}
