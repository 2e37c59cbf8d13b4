/** Comparisons with HMC as tables: a row for each stamp and parameter, and one for all. */
import { encodeCsv } from '../../../bundle/csv.ts';
import { isAdaptive } from '../sampling/solvers.ts';
import type { SamplingSettings } from './evaluate.ts';
import { type Distance, distanceFromHmc, type HmcComparison, type Moments } from './hmc.ts';

export interface ComparedNetwork {
  /** Name of the file. */
  readonly name: string;
  readonly settings: SamplingSettings;
  readonly rows: readonly HmcComparison[];
}

export const HMC_HEADER = [
  ...['network', 'solver', 'precision', 'stamp', 'parameter', 'HMC mean', 'HMC sd'],
  ...['flow: shift/sd', '± MC', 'flow: sd ratio', '± MC', 'exact: shift/sd', '± MC', 'exact: sd ratio', '± MC'],
];

/** A row for each stamp and parameter; behind them root mean squares of the shifts and means of the ratios. */
export function hmcCells(compared: readonly ComparedNetwork[]): string[][] {
  return compared.flatMap(({ name, settings: { solver, steps, precision }, rows }) => {
    const setting = [name, `${solver} ${isAdaptive(solver) ? '≤ ' : '×'}${steps}`, precision];
    const by = (pick: (row: HmcComparison) => Moments) => rows.map((row) => distanceFromHmc(row, pick(row)));
    const [flow, exact] = [by((row) => row.flow), by((row) => row.exact)];
    return [
      ...rows.map(({ stamp, parameter, hmc }, i) => [
        ...[...setting, String(stamp), parameter, hmc.mean.toFixed(5), hmc.sd.toFixed(5)],
        ...[...cellsOf(flow[i]), ...cellsOf(exact[i])],
      ]),
      [...setting, 'all', 'rms, mean', '', '', ...cellsOf(together(flow)), ...cellsOf(together(exact))],
    ];
  });
}

export function hmcMarkdown(compared: readonly ComparedNetwork[]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = HMC_HEADER.map(() => '---');
  return `${[HMC_HEADER, rule, ...hmcCells(compared)].map(row).join('\n')}\n`;
}

/** Means, standard deviations and their Monte Carlo errors with every digit. */
export function hmcCsv(compared: readonly ComparedNetwork[]): string {
  const sources = ['hmc', 'exact', 'flow'] as const;
  const fields = ['mean', 'sd', 'meanError', 'sdError'] as const;
  const header = [
    ...['network', 'solver', 'steps', 'precision', 'stamp', 'parameter'],
    ...sources.flatMap((source) => [`${source}_mean`, `${source}_sd`, `${source}_mean_mcse`, `${source}_sd_mcse`]),
  ];
  return encodeCsv(
    header,
    compared.flatMap(({ name, settings, rows }) =>
      rows.map((row) => [
        ...[name, settings.solver, settings.steps, settings.precision, row.stamp, row.parameter],
        ...sources.flatMap((source) => fields.map((field) => row[source][field])),
      ]),
    ),
  );
}

function cellsOf({ shift, shiftError, ratio, ratioError }: Distance): string[] {
  return [signed(shift), shiftError.toFixed(3), ratio.toFixed(3), ratioError.toFixed(3)];
}

/** Root mean square of shifts and of their errors; mean of ratios with its error. */
function together(distances: readonly Distance[]): Distance {
  const n = distances.length;
  const rms = (pick: (each: Distance) => number) =>
    Math.sqrt(distances.reduce((sum, each) => sum + pick(each) ** 2, 0) / n);
  return {
    shift: rms(({ shift }) => shift),
    shiftError: rms(({ shiftError }) => shiftError),
    ratio: distances.reduce((sum, { ratio }) => sum + ratio, 0) / n,
    ratioError: rms(({ ratioError }) => ratioError) / Math.sqrt(n),
  };
}

const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
