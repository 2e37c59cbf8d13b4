/** `lockstep extract`: summary.csv from a folder of posteriors, in SHINE's columns, of our own runs and of SHINE's. */
import { basename, dirname } from 'node:path';
import { FileError } from '../../../bundle/file-error.ts';
import type { ReadPosterior } from '../../../bundle/read-netcdf.ts';
import { textFile } from '../../../bundle/types.ts';
import { EXIT } from '../../../cli/exit.ts';
import { OutputFolder } from '../../../cli/output-folder.ts';
import type { RunIo } from '../../../cli/run-io.ts';
import { yesNo } from '../../../results/file-column.ts';
import { diagnose } from '../../../stats/convergence.ts';
import type { ParameterSummary } from '../../../stats/summary.ts';
import { type ShineSummaryRow, shineSummaryCsv, UNFIT } from '../shine/files.ts';
import { SHEAR, SHINE_THRESHOLDS } from '../shine/thresholds.ts';
import { readPosterior, readTruth, readUnfit, runIdsIn } from './posterior-folder.ts';

export interface ExtractOptions {
  readonly inputDir: string;
  readonly output: string;
}

/**
 * Writes the table and resolves to the exit code: 1 where a realization could not be read (it is named, the others are kept).
 * @throws ConfigError for a folder that is missing or holds no posterior.
 */
export async function extractCommand({ inputDir, output }: ExtractOptions, io: RunIo): Promise<number> {
  const runIds = await runIdsIn('input-dir', inputDir);
  const rows: ShineSummaryRow[] = [];
  let left = 0;
  for (const runId of runIds) {
    try {
      const row = await extractRow(inputDir, runId);
      rows.push(row);
      const { g1, g2 } = row;
      if (!Number.isFinite(g1.mean + g2.mean))
        io.err.write(`warning: ${runId}: its draws hold NaN; it does not pass.\n`);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      left++;
      io.err.write(`warning: left out: ${error.message}\n`);
    }
  }
  if (rows.length === 0) {
    io.err.write(
      `error: none of the ${runIds.length} realizations in ${inputDir} could be read; nothing was written.\n`,
    );
    return EXIT.failed;
  }
  const folder = new OutputFolder(dirname(output));
  const { path, bytes } = textFile(basename(output), shineSummaryCsv(rows));
  await folder.create();
  folder.add(async function* () {
    yield { path, bytes };
  });
  await folder.flush();
  const passed = rows.filter((row) => row.passed).length;
  io.out.write(`${rows.length} realizations, ${passed} pass SHINE's convergence thresholds: ${output}\n`);
  if (left > 0) io.err.write(`${left} of ${runIds.length} realizations were left out, as said above.\n`);
  return left > 0 ? EXIT.failed : EXIT.ok;
}

async function extractRow(folder: string, runId: string): Promise<ShineSummaryRow> {
  const truth = await readTruth(folder, runId);
  const posterior = (await readPosterior(folder, runId))!;
  const { chains, draws, stats, attributes } = posterior;
  const unfit = await readUnfit(folder, runId);
  const parameters = SHEAR.map((name) => columnOf(`${folder}/${runId}/posterior.nc`, posterior, name));
  const { perParameter, divergences, divergenceFraction, bfmi, verdicts } = diagnose(
    {
      chains,
      draws,
      parameters,
      stats,
    },
    { looser: SHINE_THRESHOLDS },
  );
  const method = methodOf(attributes.inference_method);
  const column = (key: 'rhat' | 'essBulk') =>
    Object.fromEntries(SHEAR.map((name) => [name, sentinel(method, key, perParameter[name])]));
  const ess = column('essBulk');
  const estimate = ({ mean, median, sdPopulation }: ParameterSummary) => ({ mean, median, std: sdPopulation });
  return {
    runId,
    truth: { g1: truth.g1, g2: truth.g2, seed: truth.seed },
    g1: estimate(perParameter.g1),
    g2: estimate(perParameter.g2),
    convergence: {
      rhat: column('rhat'),
      ess,
      divergences,
      divergenceFraction,
      bfmi,
      samples: chains * draws,
      chains,
    },
    more: unfit === undefined ? {} : { [UNFIT]: yesNo(unfit) },
    passed:
      method === 'map' ||
      (method === 'vi' ? SHEAR.every((name) => ess[name] >= SHINE_THRESHOLDS.essMin) : verdicts.looser === true),
  };
}

/** Draws of a flow, which earlier versions labelled so, are judged as SHINE judges those of variational inference: no chain made them. */
function methodOf(said: string | number | undefined): string | number | undefined {
  return said === 'flow' ? 'vi' : said;
}

/** SHINE notes R̂ = 1 for draws that come from no chain, and ESS = 1 for a single best fit. */
function sentinel(method: string | number | undefined, key: 'rhat' | 'essBulk', summary: ParameterSummary): number {
  if (method === 'map' || (method === 'vi' && key === 'rhat')) return 1;
  return summary[key];
}

/** One parameter's draws. Throws `FileError`. */
export function columnOf(file: string, posterior: ReadPosterior, name: string): ReadPosterior['parameters'][number] {
  const column = posterior.parameters.find((each) => each.name === name);
  if (column) return column;
  const there = posterior.parameters.map((each) => each.name).join(', ');
  throw new FileError(file, `it has no parameter ${name} (it has ${there})`, 'Give posteriors of a shear.');
}
