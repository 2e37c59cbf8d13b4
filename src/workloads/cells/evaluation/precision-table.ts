/** Precisions as text: for a terminal, as Markdown, and precision.csv with every digit. */

import { encodeCsv } from '../../../bundle/csv.ts';
import { markdownTable } from '../../../bundle/markdown-table.ts';
import { headWords, QUALITY_HEADER, qualityCells } from './steps-table.ts';
import { type PrecisionTable, type Quality, TABLE_METRICS } from './types.ts';

const COLUMNS = 9;

/** Header first; f32 with other seeds, floor and independent genes last. */
export function precisionRows({ rows, again, floor, independent }: PrecisionTable): string[][] {
  const beside = (name: string, quality: Quality) => [
    name,
    ...Array.from({ length: COLUMNS - 1 }, () => ''),
    ...qualityCells(quality),
  ];
  return [
    [
      ...['precision', 'cells/s', 'weights', 'activations', 'others', 'max/rms', 'KL', 'flips, one step'],
      'differ at the end',
      ...QUALITY_HEADER,
    ],
    ...rows.map(({ precision, cellsPerSecond, bytes, logits, tokensDiffer, quality }) => [
      precision,
      short(cellsPerSecond),
      ...[bytes.weights, bytes.activations, bytes.others].map((each) => each.toLocaleString('en-US')),
      logits.maxOverRms === 0 ? '0' : logits.maxOverRms.toExponential(1),
      logits.kl === 0 ? '0' : logits.kl.toExponential(1),
      `${short(100 * logits.flips)} %`,
      `${short(100 * tokensDiffer)} %`,
      ...qualityCells(quality),
    ]),
    ...(again ? [beside('f32, other seeds', again)] : []),
    beside('floor', floor),
    beside('independent', independent),
  ];
}

const short = (value: number) => String(Number(value.toPrecision(3)));

/** Sentences below the table: what was compared on, what the numbers say, and what could not be had. */
export function precisionNotes({ rows, claims, lacking, chunk, rule, steps }: PrecisionTable): string[] {
  const compared = rows[0]?.logits.rows ?? 0;
  return [
    `${rule === 'first-hitting' ? rule : `${rule} in ${steps} steps`}, ${chunk} cells at once, whose bytes these are. Logits are compared at ${compared} masked genes of held-out cells.`,
    ...claims,
    ...lacking.map(({ precision, reason }) => `${precision}: not compared, ${reason}.`),
  ];
}

export function precisionMarkdown(table: PrecisionTable): string {
  const notes = precisionNotes(table).map((note) => `- ${note}\n`);
  return `${headWords(table)}\n\n${markdownTable(precisionRows(table))}\n${notes.join('')}`;
}

/** Text of precision.csv. */
export function precisionFile({ cells, chunk, rows, again, floor, independent, lacking }: PrecisionTable): string {
  const metrics = (quality: Quality) => TABLE_METRICS.map((id) => quality[id] ?? undefined);
  const blank = (count: number) => Array.from({ length: count }, () => undefined);
  const beside = (name: string, quality: Quality) => [name, cells, ...blank(10), ...metrics(quality), undefined];
  return encodeCsv(
    [
      ...['mode', 'cells', 'cells_at_once', 'cells_per_second', 'weight_bytes', 'activation_bytes', 'other_bytes'],
      ...['max_over_rms', 'kl', 'argmax_differs', 'flips_one_step', 'tokens_differ'],
      ...TABLE_METRICS,
      'not_compared',
    ],
    [
      ...rows.map(({ precision, cellsPerSecond, bytes, logits, tokensDiffer, quality }) => [
        ...[precision, cells, chunk, cellsPerSecond, bytes.weights, bytes.activations, bytes.others],
        ...[logits.maxOverRms, logits.kl, logits.argmaxDiffers, logits.flips, tokensDiffer],
        ...metrics(quality),
        undefined,
      ]),
      ...(again ? [beside('f32_other_seeds', again)] : []),
      beside('floor', floor),
      beside('independent', independent),
      ...lacking.map(({ precision, reason }) => [precision, ...blank(11 + TABLE_METRICS.length), reason]),
    ],
  );
}
