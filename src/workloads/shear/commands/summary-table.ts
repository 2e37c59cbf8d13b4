/** summary.csv as `lockstep extract` and SHINE's `shine-bias-extract` write it, read back for the statistics. */
import { decodeCsv } from '../../../bundle/csv.ts';
import { FileError } from '../../../bundle/file-error.ts';
import type { JudgedItem } from '../../../results/posterior/forms.ts';
import { UNFIT } from '../shine/files.ts';
import { SHEAR } from '../shine/thresholds.ts';

export type SummaryRow = JudgedItem;

const NEEDED = [
  'run_id',
  'g1_true',
  'g2_true',
  'g1_mean',
  'g1_std',
  'g2_mean',
  'g2_std',
  'ess_g1',
  'ess_g2',
  'passed_convergence',
  'seed',
];

export interface SummaryTable {
  readonly rows: readonly SummaryRow[];
  /** Run ids whose mean, width or truth is NaN: they cannot enter the statistics. */
  readonly notFinite: readonly string[];
}

/**
 * Reads the table; ESS may be empty or NaN (SHINE leaves it so for some methods).
 * @throws FileError for a missing column, a cell that is no number, or run ids that repeat or are no plain folder names.
 */
export function readSummaryTable(file: string, text: string): SummaryTable {
  const { header, rows } = decodeCsv(file, text);
  const missing = NEEDED.filter((name) => !header.includes(name));
  if (missing.length > 0) {
    throw new FileError(
      file,
      `it has no column ${missing.join(', ')}`,
      'Make it with `lockstep extract`, or name its columns as SHINE does.',
    );
  }
  if (rows.length === 0) throw new FileError(file, 'it has a header but no rows', 'Give at least one realization.');
  const seen = new Set<string>();
  const read = rows.map((row, index): SummaryRow => {
    const cell = (name: string) => row[header.indexOf(name)].trim();
    const number = (name: string) => numberOf(file, index, name, cell(name));
    const runId = cell('run_id');
    if (!/^[^/\\]+$/.test(runId) || runId === '.' || runId === '..') {
      throw new FileError(
        file,
        `row ${index + 2}: the run id "${runId}" is no folder name`,
        'Give each row the name of its folder.',
      );
    }
    if (seen.has(runId)) throw new FileError(file, `the run id ${runId} appears twice`, 'Keep one row of each.');
    seen.add(runId);
    return {
      runId,
      seed: number('seed'),
      truth: { g1: number('g1_true'), g2: number('g2_true') },
      estimates: SHEAR.map((name) => ({
        name,
        mean: number(`${name}_mean`),
        sd: number(`${name}_std`),
        essBulk: number(`ess_${name}`),
      })),
      passed: cell('passed_convergence').toLowerCase() === 'true',
      unfit: header.includes(UNFIT) && cell(UNFIT).toLowerCase() === 'true',
    };
  });
  const finite = ({ truth, estimates }: SummaryRow) =>
    Number.isFinite(truth.g1 + truth.g2) && estimates.every(({ mean, sd }) => Number.isFinite(mean + sd));
  return {
    rows: read,
    notFinite: read.filter((row) => !finite(row)).map(({ runId }) => runId),
  };
}

/** NaN for an empty cell and for Python's nan. */
function numberOf(file: string, index: number, name: string, text: string): number {
  if (text === '' || /^nan$/i.test(text)) return Number.NaN;
  const value = Number(text.replace(/^([+-]?)inf(inity)?$/i, '$1Infinity'));
  if (!Number.isNaN(value)) return value;
  throw new FileError(file, `row ${index + 2}, column ${name}: "${text.slice(0, 40)}" is no number`, 'Mend that cell.');
}
