/**
 * The tuner: caps, allocation probe, serial baseline, throughput ladder, choice, verification. One precision after the other. Nothing stays
 * allocated, however it ends.
 */
import type { Precision } from '../../workloads/workload.ts';
import { climbBeyond } from './beyond.ts';
import { chunkCaps } from './caps.ts';
import { chooseBatch, tuningSentence } from './choose.ts';
import { disturbedLines, findDisturbances } from './disturbance.ts';
import { TuningError } from './errors.ts';
import { sizeFailure } from './failure.ts';
import { climbLadder } from './ladder.ts';
import { tuningKey } from './memory.ts';
import { probeAllocation } from './probe.ts';
import { runRate } from './run-rate.ts';
import { measureSerial } from './serial.ts';
import { type Setting, settingOf, type TuneTask } from './setting.ts';
import type { LadderTrial, SerialTrial, TuningResult } from './types.ts';
import { verifyBatch } from './verify.ts';
import { beyondLine, capsLine, ladderLine, probeLine, serialLine, verifyLine } from './words.ts';

/** Milliseconds for the parts of a tuning. Where the CPU plays the GPU everything takes longer, and so it may. */
interface Times {
  readonly serialMs: number;
  /** One rung, and the whole ladder. */
  readonly trialMs: number;
  readonly ladderMs: number;
  /** A run of the verification. */
  readonly runMs: number;
  /** Batches beyond the run. */
  readonly beyondMs: number;
}
const HARDWARE: Times = { serialMs: 1500, trialMs: 1500, ladderMs: 7000, runMs: 2500, beyondMs: 10_000 };
const SOFTWARE: Times = { serialMs: 4000, trialMs: 6000, ladderMs: 30_000, runMs: 15_000, beyondMs: 30_000 };

/** What results of a chunk beyond the run may come to. */
const COLLECTED_BYTES = 256 * 1024 ** 2;

/**
 * Tunes a configuration for each of the precisions; the results come in their order.
 * Throws `TuningError` when nothing can be recommended, the signal's reason when cancelled, `ConfigError` for a configuration that cannot
 * run, and every error that is a defect and says nothing about a size.
 */
export async function tune(task: TuneTask, precisions: readonly Precision[]): Promise<TuningResult[]> {
  const results: TuningResult[] = [];
  for (const precision of precisions) results.push(await tuneOne(settingOf(task, precision)));
  return results;
}

async function tuneOne(setting: Setting): Promise<TuningResult> {
  const { workload, device, report, now, say } = setting;
  const { itemName } = workload;
  const startedAt = now();
  const times = report.software ? SOFTWARE : HARDWARE;
  const { shape, caps: limits, items, ...planned } = setting.runWith(1).stages[0];

  const caps = chunkCaps({
    planFor: setting.planFor,
    limits: report.limits,
    shape,
    budgetBytes: limits.budgetBytes,
    items,
    itemName,
  });
  say({ type: 'caps', caps, line: capsLine(caps) });
  if (caps.largest < 1) {
    throw new TuningError(`Not even one ${itemName.one} fits: ${planned.tooLarge}`, 'Raise the memory budget.');
  }

  const probe = await probeAllocation({
    ...setting,
    largest: caps.largest,
    tell: (trial) => say({ type: 'probe', trial, line: probeLine(trial) }),
  });
  if (probe.largestFitted < 1) {
    throw new TuningError(
      `The device has no room for even one ${itemName.one}: ${probe.trials.at(-1)?.reason ?? ''}`,
      'Close other tabs and programs that use the GPU.',
    );
  }

  const serial = await trySerial(setting, times.serialMs);
  const trials: LadderTrial[] = [];
  const ladder = await climbLadder({
    setting,
    largest: probe.largestFitted,
    trialMs: times.trialMs,
    endsAt: now() + times.ladderMs,
    tell: (trial) => {
      trials.push(trial);
      say({ type: 'ladder', trial, line: ladderLine(trial, trials, items) });
    },
  });
  say({ type: 'note', line: ladder.ended });

  const choice = chooseBatch({ ladder: ladder.trials, items, ...probe });
  say({
    type: 'choice',
    choice,
    line: `Fastest: ${choice.best}. Knee, the smallest within 5 % of it: ${choice.knee}. Largest safe: ${choice.largestSafe}. Running ${choice.recommended} for real.`,
  });
  const verification = await verifyBatch({
    setting,
    recommended: choice.recommended,
    expectedItemsPerSecond: choice.kneeItemsPerSecond,
    runMs: times.runMs,
    tell: (trial) => say({ type: 'verify', trial, line: verifyLine(trial) }),
  });
  const passed = verification[verification.length - 1];
  const beyond =
    setting.beyond &&
    (await climbBeyond({
      setting,
      ladder: ladder.trials,
      budgetBytes: limits.budgetBytes,
      trialMs: times.trialMs,
      limitMs: times.beyondMs,
      collectedBytes: COLLECTED_BYTES,
      say: (line) => say({ type: 'note', line }),
      tell: (trial) => say({ type: 'beyond', trial, line: beyondLine(trial) }),
    }));
  const disturbances = findDisturbances({ ladder: ladder.trials, serial, verification });
  for (const line of disturbedLines({ disturbances })) say({ type: 'note', line });
  const sentence = tuningSentence({
    largestFitted: probe.largestFitted,
    choice,
    recommended: passed.chunk,
    recommendedItemsPerSecond: runRate(ladder.trials, items, passed.chunk),
    recommendedBytes: passed.bytes,
    serialItemsPerSecond: serial && 1000 / serial.msPerItem,
    itemName,
  });
  return {
    key: tuningKey(setting.runWith(passed.chunk), device.gpu.report),
    date: new Date().toISOString(),
    software: report.software,
    itemName,
    caps,
    probe,
    serial,
    ladder: ladder.trials,
    ...(beyond && { beyond }),
    disturbances,
    ladderEnded: ladder.ended,
    choice,
    verification,
    recommended: passed.chunk,
    recommendedBytes: passed.bytes,
    predictedItemsPerSecond: passed.itemsPerSecond!,
    sentence,
    tookMs: now() - startedAt,
  };
}

/** The baseline is worth having, not worth failing for: a loss or too little time leaves it out, and that is said. */
async function trySerial(setting: Setting, limitMs: number): Promise<SerialTrial | undefined> {
  try {
    const trial = await measureSerial(setting, limitMs);
    if (trial) setting.say({ type: 'serial', trial, line: serialLine(trial) });
    else setting.say({ type: 'note', line: 'Serial: not measured, one item takes longer than a trial may.' });
    return trial;
  } catch (thrown) {
    const reason = await sizeFailure(thrown, setting.device);
    setting.say({ type: 'note', line: `Serial: not measured. ${reason}` });
    return undefined;
  }
}
