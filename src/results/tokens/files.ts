/** The files of rows of tokens: one array of all of them, what is no token in items.json, a table over all items, and one a table of the run. */
import * as v from 'valibot';
import { FileError } from '../../bundle/file-error.ts';
import { canonicalJson } from '../../bundle/json.ts';
import { named, readJson, record, toFields } from '../../bundle/json-record.ts';
import { decodeNpy, encodeNpy } from '../../bundle/npy.ts';
import type { VerifiedBundle } from '../../bundle/read-bundle.ts';
import type { ResultsAbout } from '../../bundle/readme.ts';
import { textEntry } from '../../bundle/types.ts';
import { infoFields } from '../info-fields.ts';
import type { FinishedRun, ResultFiles } from '../kind.ts';
import { summaryCsv } from '../summary-csv.ts';
import { tableCsv } from '../table-csv.ts';
import { fileColumns } from './columns.ts';
import type { TokenDescription, TokenItem, TokenSummary } from './item.ts';

type Run = FinishedRun<TokenItem, TokenSummary>;

const TOKENS = 'tokens.npy';
const DAMAGED = 'Export the run again.';

export function tokenFiles(description: TokenDescription): ResultFiles<TokenItem, TokenSummary> {
  return {
    // Thousands of rows of a few hundred bytes: one array is smaller than their folders would be.
    itemFiles: () => [],
    runFiles: (run) => [
      textEntry('items.json', () => itemsJson(run)),
      textEntry('summary.csv', () => summaryCsv(fileColumns(description), run.summaries)),
      { path: TOKENS, make: () => ({ path: TOKENS, bytes: tokensNpy(run.items) }) },
      ...(run.results?.tables ?? []).map((table) => textEntry(`${table.name}.csv`, () => tableCsv(table))),
    ],
    about: (run) => about(run, description),
    readItem,
  };
}

/** [item][place], in the order of items.json. */
function tokensNpy(items: readonly TokenItem[]): Uint8Array<ArrayBuffer> {
  const places = items[0]?.tokens.length ?? 0;
  const all = new Uint8Array(items.length * places);
  items.forEach(({ tokens }, i) => {
    all.set(tokens, i * places);
  });
  return encodeNpy(all, [items.length, places]);
}

const attribute = v.custom<string | number>(
  (value) => ['string', 'number'].includes(typeof value),
  'a number or a text',
);

/** Of an item what is no token, and its row in the array. */
const ENTRY = record({ ...infoFields, attributes: named(attribute), row: v.number(), work: v.number() });

function itemsJson({ items, summaries }: Run): string {
  return canonicalJson({
    items: items.map(({ info, attributes, work }, row) => ({
      ...toFields(ENTRY, { ...info, attributes, work, row }),
      attempts: summaries[row].attempts,
    })),
  });
}

function about({ itemName: { one, many }, results }: Run, { place }: TokenDescription): ResultsAbout {
  return {
    each: `a token for every ${place}`,
    files: [
      [TOKENS, `the tokens of all ${many}, uint8, one row a ${one}, one column a ${place}`],
      ['summary.csv', `one line a ${one}, in the same order`],
      ...(results?.tables ?? []).map(({ name, title }) => [`${name}.csv`, `${title}, over all ${many}`] as const),
      ['items.json', `for each ${one}: seed, texts and numbers, row, work spent`],
    ],
    python: `With NumPy:

\`\`\`python
import json
import numpy as np

tokens = np.load("${TOKENS}")  # one row a ${one}
items = json.load(open("items.json"))["items"]
print(tokens.shape, items[0]["attributes"])
\`\`\`
`,
  };
}

/** Tokens of the bundles that are being read: every item lies in the same array. */
const opened = new WeakMap<VerifiedBundle, Promise<{ readonly places: number; readonly values: ArrayLike<number> }>>();

/** @throws FileError */
async function readItem(bundle: VerifiedBundle, file: string, entry: unknown): Promise<TokenItem> {
  const { attributes, work, row, ...info } = readJson(bundle.name, file, ENTRY, entry);
  const read = opened.get(bundle) ?? readTokens(bundle);
  opened.set(bundle, read);
  const { places, values } = await read;
  const at = row * places;
  if (!(at >= 0 && at + places <= values.length))
    throw new FileError(
      bundle.name,
      `${file}: ${info.runId} is said to be row ${row} of ${TOKENS}, which has no such row`,
      DAMAGED,
    );
  return { info, tokens: Uint8Array.from({ length: places }, (_, i) => values[at + i]), attributes, work };
}

async function readTokens(bundle: VerifiedBundle) {
  const { shape, data } = decodeNpy(`${bundle.name}: ${TOKENS}`, await bundle.bytes(TOKENS));
  if (shape.length !== 2)
    throw new FileError(bundle.name, `${TOKENS} has ${shape.length} axes, and 2 are expected`, DAMAGED);
  return { places: shape[1], values: data };
}
