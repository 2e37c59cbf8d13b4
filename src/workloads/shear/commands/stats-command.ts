/** `lockstep stats`: bias, coverage, ranks and SHINE's acceptance from summary.csv and, where given, the posteriors behind it. */
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FileError } from '../../../bundle/file-error.ts';
import { textFile } from '../../../bundle/types.ts';
import { EXIT } from '../../../cli/exit.ts';
import { OutputFolder } from '../../../cli/output-folder.ts';
import type { RunIo } from '../../../cli/run-io.ts';
import { calibrate } from '../../../results/posterior/calibration.ts';
import { plotFiles } from '../../../results/posterior/plots.ts';
import { rankPlotSvg } from '../../../results/posterior/rank-plot.ts';
import {
  type NormalPrior,
  type RunStatistics,
  runStatistics,
  seedsTell,
} from '../../../results/posterior/statistics.ts';
import { ConfigError } from '../../workload.ts';
import { shearStatistics } from '../posterior.ts';
import { type Acceptance, acceptance } from '../shine/acceptance.ts';
import { biasResultsJson } from '../shine/bias-results.ts';
import { judgedItems, type Level } from '../shine/levels.ts';
import { SHEAR } from '../shine/thresholds.ts';
import { columnOf } from './extract-command.ts';
import { readPosterior, readRunParams, readTruth, runIdsIn } from './posterior-folder.ts';
import { statisticsLines } from './statistics-lines.ts';
import { readSummaryTable, type SummaryRow } from './summary-table.ts';

export interface StatsOptions {
  readonly input: string;
  readonly outputDir: string;
  readonly level: Level;
  readonly posteriorDir?: string;
  /** "mean,sigma" of the normal prior, where no run.json says it. */
  readonly priorG1?: string;
  readonly priorG2?: string;
}

/** Most run ids that a message lists. */
const LISTED = 5;

/**
 * Writes bias_results.json and plots and resolves to the exit code: 0 also when SHINE's acceptance fails (the file and the text
 * say so), as SHINE does; 1 where posteriors were missing or broken, which are named.
 * @throws ConfigError, FileError for input that cannot be used; nothing is written then.
 */
export async function statsCommand(options: StatsOptions, io: RunIo): Promise<number> {
  const { input, level, posteriorDir } = options;
  const warn = (text: string) => io.err.write(`warning: ${text}\n`);
  const text = await readFile(input, 'utf8').catch((error: Error) => {
    throw new ConfigError('input', `cannot read ${input}: ${error.message}.`);
  });
  const { rows, notFinite } = readSummaryTable(input, text);
  if (notFinite.length > 0) {
    warn(`${notFinite.length} of ${rows.length} rows hold NaN and enter no statistics: ${listed(notFinite)}.`);
  }
  if (notFinite.length === rows.length) throw new FileError(input, 'every row holds NaN', 'Look at the run first.');
  const judged = judgedItems(rows, level);
  if (judged.length === 0) {
    throw new FileError(
      input,
      `none of its ${rows.length} realizations passed convergence`,
      'Run again with more draws; without converged posteriors there is no bias to measure.',
    );
  }
  const unfit = judged.filter((row) => row.unfit);
  if (unfit.length > 0) {
    warn(
      `model and noise do not describe the image of ${unfit.length} of ${judged.length}: ${listed(unfit.map(({ runId }) => runId))}. m, c and coverage are not to be believed with them.`,
    );
  }
  const params = await readRunParams([...(posteriorDir === undefined ? [] : [posteriorDir]), dirname(input)]);
  const known = shearStatistics(params ?? {}, false);
  const priors = { ...known.priors, ...priorsGiven(options) };
  if (Object.keys(priors).length === 0) {
    warn(
      'the priors are not known (no run.json beside the input), so there is no prior-corrected bias. Give them: --prior-g1 <mean,sigma> --prior-g2 <mean,sigma>.',
    );
  }
  if (!seedsTell(judged)) {
    warn(
      'seeds are missing, or the same in every row: which realizations share their noise is not known, so errors take each for independent of the others.',
    );
  }
  const { items, broken } =
    posteriorDir === undefined ? { items: judged, broken: [] } : await withPosteriors(judged, posteriorDir);
  for (const message of broken.slice(0, LISTED)) warn(message);
  if (broken.length > LISTED) warn(`… and ${broken.length - LISTED} more posteriors.`);
  const statistics = runStatistics(items, { ...known, priors });
  const verdict = acceptance(judged, level);
  const folder = new OutputFolder(options.outputDir);
  await folder.create().catch((error: Error) => {
    throw new ConfigError('output-dir', `cannot write to ${folder.path}: ${error.message}.`);
  });
  folder.add(async function* () {
    yield textFile('bias_results.json', biasResultsJson({ level, items: rows, statistics }));
    yield* plots(judged, statistics);
  });
  await folder.flush();
  for (const line of statisticsLines(statistics)) io.out.write(`${line}\n`);
  for (const line of verdict ? acceptanceLines(verdict, level) : []) io.out.write(`${line}\n`);
  io.out.write(`${folder.written} files in ${folder.path}\n`);
  return broken.length > 0 ? EXIT.failed : EXIT.ok;
}

function priorsGiven(options: StatsOptions): Record<string, NormalPrior> {
  const given = Object.entries({ g1: options.priorG1, g2: options.priorG2 }).flatMap(([name, text]) => {
    if (text === undefined) return [];
    const [mean, sigma, ...rest] = text.split(',').map(Number);
    if (rest.length > 0 || !Number.isFinite(mean) || !(sigma > 0)) {
      throw new ConfigError(
        `prior-${name}`,
        `"${text}" is no prior; give its mean and a positive width, as in 0.02,0.05.`,
      );
    }
    return [[name, { mean, sigma }] as const];
  });
  return Object.fromEntries(given);
}

/** Moments and ranks of every row's posterior, one file in memory at a time. */
async function withPosteriors(
  rows: readonly SummaryRow[],
  folder: string,
): Promise<{ items: SummaryRow[]; broken: string[] }> {
  await runIdsIn('posterior-dir', folder);
  const items: SummaryRow[] = [];
  const broken: string[] = [];
  for (const row of rows) {
    let item = row;
    try {
      const posterior = await readPosterior(folder, row.runId);
      if (posterior) {
        const parameters = row.estimates.map(({ name }) => columnOf(`${row.runId}/posterior.nc`, posterior, name));
        // Which galaxies are turned twins is told by their ellipticities alone.
        const truth = { ...(await readTruth(folder, row.runId).catch(() => ({}))), ...row.truth };
        item = { ...row, truth, calibration: calibrate({ ...posterior, parameters }, row.truth) };
      } else broken.push(`${row.runId}: no posterior.nc found in ${folder}; its mean and width are used alone.`);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      broken.push(`${error.message} Its mean and width are used alone.`);
    }
    items.push(item);
  }
  return { items, broken };
}

function* plots(rows: readonly SummaryRow[], statistics: RunStatistics) {
  yield* plotFiles(
    SHEAR.map((name) => ({
      name,
      unit: '',
      points: rows.map(({ truth, estimates }) => {
        const { mean, sd } = estimates.find((each) => each.name === name)!;
        return { truth: truth[name], mean, sd };
      }),
    })),
  );
  for (const { name, sbc } of statistics.parameters) {
    if (sbc) yield textFile(`plots/ranks-${name}.svg`, rankPlotSvg(name, sbc, sbc.n));
  }
}

function acceptanceLines({ passed, failures, honest }: Acceptance, level: Level): string[] {
  const lines = [
    `SHINE's acceptance of ${level}: ${passed ? 'passed' : `not passed, ${failures.length} checks failed`}`,
  ];
  for (const { runId, check } of failures.slice(0, LISTED)) lines.push(`  ${runId}: ${check}`);
  if (failures.length > LISTED) lines.push(`  … and ${failures.length - LISTED} more in bias_results.json`);
  if (Number.isFinite(honest.chanceOfMCheck)) {
    lines.push(
      `  One realization knows m to ±${honest.medianMErr.toPrecision(2)}: an unbiased estimate passes |m| ≤ 0.01 with probability ${honest.chanceOfMCheck.toFixed(2)}. Judge by the pooled m and its error.`,
    );
  }
  return lines;
}

function listed(runIds: readonly string[]): string {
  const rest = runIds.length - LISTED;
  return runIds.slice(0, LISTED).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
