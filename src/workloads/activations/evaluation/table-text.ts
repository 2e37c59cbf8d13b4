/** Tables of batches, padding and storage as text: for a terminal, as Markdown and as CSV. */
import { encodeCsv } from '../../../bundle/csv.ts';
import { markdownTable } from '../../../bundle/markdown-table.ts';
import type { BatchTable, PaddingTable, PrecisionTable } from './types.ts';

export interface TextTable {
  readonly head: string;
  /** Header first. */
  readonly rows: readonly (readonly string[])[];
  readonly notes: readonly string[];
  readonly csv: string;
  readonly markdown: string;
}

const significant = (value: number) => (Number.isNaN(value) ? '–' : String(Number(value.toPrecision(3))));
const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
const gb = (bytes: number) => `${(bytes / 1e9).toFixed(0)} GB`;

function textTable<Row extends object>(
  head: string,
  rows: readonly (readonly string[])[],
  data: readonly Row[],
  notes: readonly string[] = [],
): TextTable {
  const names = Object.keys(data[0] ?? {}) as (keyof Row & string)[];
  const csv = encodeCsv(
    names,
    data.map((row) => names.map((name) => row[name] as string | number)),
  );
  return {
    head,
    rows,
    notes,
    csv,
    markdown: `${head}\n\n${markdownTable(rows)}${notes.map((note) => `\n${note}\n`).join('')}`,
  };
}

/** What is wrong with the formula that the table is held against. */
export const ORIGIN_FORMULA =
  'The formula of 4 GB and 1 GB a sequence is over fifty times what a sequence needs: keys and values of its tokens and the sums of its activations.';

/** @param price of an hour, in whatever currency; costs are left out without one */
export function batchesText(
  { rows, texts, maxNewTokens, model, on, textBytes }: BatchTable,
  price?: number,
): TextTable {
  const cost = (ms: number) => (price === undefined ? [] : [significant((price * ms) / 3.6e6)]);
  return textTable(
    `${model}, on ${on}: ${texts} texts, ${maxNewTokens} new tokens each.`,
    [
      [
        'pipeline',
        'side by side',
        's',
        'speed-up',
        'prefill tokens/s',
        'decode tokens/s',
        'bytes',
        '4 GB + 1 GB each',
        'tokens that differ',
        'largest |Δ|',
        ...(price === undefined ? [] : ['cost']),
      ],
      ...rows.map((row) => [
        row.pipeline,
        String(row.batch),
        significant(row.ms / 1000),
        `${significant(row.speedUp)}×`,
        significant(row.prefillTokensPerSecond),
        significant(row.decodeTokensPerSecond),
        mib(row.bytes),
        gb(row.originBytes),
        String(row.tokensDiffer),
        String(row.largestDifference),
        ...cost(row.ms),
      ]),
    ],
    rows,
    [`A text more takes ${mib(textBytes)}. ${ORIGIN_FORMULA}`],
  );
}

export function paddingText({ rows, longest, model }: PaddingTable): TextTable {
  return textTable(
    `${model}: means over all tokens of texts padded to ${longest}, against means over their own tokens.`,
    [
      ['tokens', 'pads', 'moved', 'cosine', 'layer', 'text'],
      ...rows.map(({ tokens, pads, moved, cosine, layer, text }) => [
        String(tokens),
        String(pads),
        `${(100 * moved).toFixed(1)} %`,
        cosine.toFixed(3),
        String(layer),
        text,
      ]),
    ],
    rows,
  );
}

export function precisionText({ rows, lacking, tokens, model, on }: PrecisionTable): TextTable {
  return textTable(
    `${model}: the ${tokens} tokens that f32 writes, read with weights in fewer bits (on the CPU; speed and bytes on ${on}).`,
    [
      [
        'weights',
        'largest logit change',
        'mean KL',
        'same tokens',
        'smallest cosine',
        'weights take',
        'all takes',
        'tokens/s',
      ],
      ...rows.map((row) => [
        row.storage,
        significant(row.largestLogitChange),
        significant(row.kl),
        `${row.sameTokens} of ${tokens}`,
        row.smallestCosine.toFixed(6),
        mib(row.weightBytes),
        mib(row.bytes),
        significant(row.decodeTokensPerSecond),
      ]),
    ],
    rows,
    lacking.map(({ storage, reason }) => `${storage}: ${reason}.`),
  );
}
