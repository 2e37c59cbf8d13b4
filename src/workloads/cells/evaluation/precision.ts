/** What each precision of a network costs, and what it does to logits, tokens and the law of the cells. */
import type { GpuContext } from '../../../gpu/context.ts';
import { planBytes } from '../../../gpu/plan.ts';
import { lackingFeature } from '../../../gpu/precision.ts';
import { ConfigError, type Precision } from '../../workload.ts';
import { cellsExperiment } from '../experiment.ts';
import { networkBytes } from '../gpu/predictor.ts';
import type { NetworkModel } from '../model.ts';
import { readCellsParams } from '../params.ts';
import { claimWords } from './claims.ts';
import { type DrawPlace, drawCells } from './draw.ts';
import { inTurns, type TableHooks } from './hooks.ts';
import { compareLogits } from './logits.ts';
import { maskedCells } from './masked-cells.ts';
import { probeLogits } from './probe.ts';
import { besideSteps, qualitySteps } from './quality.ts';
import { type TableQuestion, tableHead, tableInput, tableParams, tableProblem } from './question.ts';
import type { PrecisionRow, PrecisionTable } from './types.ts';

/** Cells whose logits are compared: some thousand masked genes. */
const PROBED = 32;

export interface PrecisionHooks extends TableHooks {
  /** A precision, with the table so far. */
  row(row: PrecisionRow, table: PrecisionTable): void;
}

/**
 * f32 first, then all others that the adapter has; those that were there before it was stopped.
 * @throws ConfigError for a predictor that has no precisions or where there is no device; the typed errors of `GpuContext`; the reason of a
 * signal that aborts before f32 is there
 */
export async function measurePrecisions(
  question: TableQuestion,
  place: DrawPlace,
  { signal, progress, row: tell }: PrecisionHooks,
): Promise<PrecisionTable> {
  const { model } = question.loaded;
  if (model.kind !== 'network')
    throw new ConfigError(
      'params.model',
      'Predictor (model): a mixture computes in f32 in every precision. Choose a network.',
    );
  const params = tableParams(question);
  const { rule, steps } = readCellsParams(params);
  const head = tableHead(question, place.on);
  const gpu = await place.gpu('f32');
  if (!gpu) throw new ConfigError('precision', 'precisions are compared on a GPU, and there is none.');
  const { had, lacking } = await precisionsOf(place, gpu);
  const of = had.length + 1;
  progress({ what: 'real cells', done: 0, of, share: 0 });
  const beside = await inTurns(besideSteps(tableInput(question)), signal);
  const { chunk, sizes } = place.plan(params, 'f32');
  const probed = maskedCells(question.loaded, model, Math.min(PROBED, chunk), question.seed);
  const draw = (precision: Precision, done: number, what: string, offset = 0) =>
    drawCells(gpu, tableProblem(question, params, offset), place.plan(params, precision), {
      signal,
      progress: (share) => progress({ what, done, of, share }),
    });
  const qualityOf = (tokens: Uint8Array) => inTurns(qualitySteps(tableInput(question, tokens)), signal);
  let table: PrecisionTable = {
    ...head,
    ...beside,
    ...{ rule, steps, chunk, lacking },
    ...{ again: undefined, rows: [], claims: [], stopped: false },
  };
  let exact: { readonly tokens: Uint8Array; readonly logits: Float32Array } | undefined;
  try {
    for (const precision of had) {
      const done = table.rows.length;
      progress({ what: precision, done, of, share: 0 });
      const drawn = await draw(precision, done, precision);
      const logits = await probeLogits(gpu, model, probed, precision, sizes);
      exact ??= { tokens: drawn.tokens, logits };
      const row: PrecisionRow = {
        precision,
        seconds: drawn.seconds,
        cellsPerSecond: head.cells / drawn.seconds,
        bytes: bytesOf(place, params, precision, model),
        logits: compareLogits(exact.logits, logits, probed.words, model.bins.count),
        tokensDiffer: shareThatDiffers(exact.tokens, drawn.tokens),
        quality: await qualityOf(drawn.tokens),
      };
      table = withRow(table, row);
      tell(row, table);
    }
    const what = 'f32 with other seeds';
    const again = await draw('f32', had.length, what, head.cells);
    return withRow({ ...table, again: await qualityOf(again.tokens) });
  } catch (thrown) {
    if (!signal.aborted || thrown !== signal.reason || table.rows.length === 0) throw thrown;
    return { ...table, stopped: true };
  }
}

/** With what its numbers say. */
function withRow(table: PrecisionTable, row?: PrecisionRow): PrecisionTable {
  const next = row ? { ...table, rows: [...table.rows, row] } : table;
  return { ...next, claims: claimWords(next) };
}

async function precisionsOf(place: DrawPlace, { report }: GpuContext) {
  const had: Precision[] = [];
  const lacking: { precision: Precision; reason: string }[] = [];
  for (const precision of cellsExperiment.precisions) {
    const feature = lackingFeature(precision, report);
    const reason = feature
      ? `${report.name} does not offer the WebGPU feature ${feature}`
      : await failure(place, precision);
    if (reason === undefined) had.push(precision);
    else lacking.push({ precision, reason });
  }
  return { had, lacking };
}

/** Why the device may not be used in that precision; undefined where it may. */
async function failure(place: DrawPlace, precision: Precision): Promise<string | undefined> {
  try {
    await place.gpu(precision);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === 'SelfTestError' && precision !== 'f32') return thrown.message;
    throw thrown;
  }
}

function bytesOf(place: DrawPlace, params: ReturnType<typeof tableParams>, precision: Precision, model: NetworkModel) {
  const { chunk, shape, sizes, buffers } = place.plan(params, precision);
  const { weightBytes, activationBytes } = networkBytes(readCellsParams(params), model, chunk, shape, sizes)!;
  return {
    weights: weightBytes,
    activations: activationBytes,
    others: planBytes(buffers) - weightBytes - activationBytes,
  };
}

function shareThatDiffers(a: Uint8Array, b: Uint8Array): number {
  let differ = 0;
  for (let i = 0; i < a.length; i++) differ += Number(a[i] !== b[i]);
  return differ / a.length;
}
