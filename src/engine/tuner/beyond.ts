/**
 * The throughput of batches larger than the run: what a longer run of this kind would gain. Items are simulated like the run's own where it
 * simulates them; else its own are taken again and again. Sessions are real ones, their results are thrown away.
 */
import { planBytes } from '../../gpu/plan.ts';
import { ConfigError } from '../../workloads/workload.ts';
import { formatBytes } from '../bytes.ts';
import { hasOwnData } from '../config/own-files.ts';
import { bindingCap, chunkCaps, SEARCH_LIMIT } from '../plan/caps.ts';
import { tryChunk } from './ladder.ts';
import { rungs } from './ladder-rule.ts';
import { type Setting, settingOf } from './setting.ts';
import type { BeyondReport, BeyondTrial, LadderTrial } from './types.ts';

export interface BeyondInput {
  readonly setting: Setting;
  /** Of the run, for what readback takes. */
  readonly ladder: readonly LadderTrial[];
  readonly budgetBytes: number;
  /** Milliseconds that a trial may take, and all of them. A size that is expected to take longer than is left is not begun. */
  readonly trialMs: number;
  readonly limitMs: number;
  /** Results of chunks that take more are not made: they would lie beside the buffers in the memory of the program. */
  readonly collectedBytes: number;
  /** Told before anything is tried. */
  readonly say: (line: string) => void;
  readonly tell: (trial: BeyondTrial) => void;
}

/**
 * Undefined where no more than the run's own items fit, which is said.
 * Throws what is no matter of memory or of a lost device, and the signal's reason. Everything is freed.
 */
export async function climbBeyond(input: BeyondInput): Promise<BeyondReport | undefined> {
  const { setting, trialMs, limitMs, budgetBytes, say, tell } = input;
  const { items, planFor, report, now } = setting;
  const { many } = setting.workload.itemName;
  const { shape } = setting.openingFor(1);
  const cap = bindingCap(chunkCaps({ planFor, chunk: 1, limits: report.limits, shape, budgetBytes }));
  const largest = Math.min(setting.beyond?.upTo ?? SEARCH_LIMIT, cap?.largestChunk ?? SEARCH_LIMIT);
  const own = `Beyond the ${written(items.length)} ${many} of the run`;
  if (largest <= items.length) {
    say(`${own}: no more fit the ${cap?.label ?? 'memory'}, or were asked for.`);
    return undefined;
  }
  const bytes = planBytes(planFor(largest));
  say(
    `${own}: up to ${written(largest)} at once, which take ${formatBytes(bytes)}. For their speed alone: no result is kept.`,
  );
  const endsAt = now() + limitMs;
  const trials: BeyondTrial[] = [];
  for (const chunk of rungs(largest).filter((size) => size > items.length)) {
    setting.signal.throwIfAborted();
    const last = trials.at(-1);
    const expectedMs = last ? Math.min(trialMs, last.tookMs * (chunk / last.chunk)) : 0;
    if (now() + expectedMs > endsAt)
      return { largest, bytes, trials, ended: `${written(chunk)} would take longer than is left of the time for it.` };
    const trial = await tryBeyond(input, chunk, last);
    trials.push(trial);
    tell(trial);
    if (trial.verdict !== 'measured')
      return {
        largest,
        bytes,
        trials,
        ended: `${written(chunk)} ${trial.verdict === 'cut' ? 'took too long' : 'failed'}.`,
      };
  }
  return { largest, bytes, trials, ended: 'The largest that was to be measured was measured.' };
}

const written = (count: number) => count.toLocaleString('en-US');

async function tryBeyond(
  { setting, ladder, trialMs, collectedBytes }: BeyondInput,
  chunk: number,
  last: BeyondTrial | undefined,
): Promise<BeyondTrial> {
  const { of, items } = settingOfMore(setting, chunk);
  const collects = planBytes(of.openingFor(chunk).buffers) <= collectedBytes;
  const known = [...ladder, ...(last ? [last] : [])].findLast(({ readbackMsPerItem }) => readbackMsPerItem !== null);
  const trial = await tryChunk(of, chunk, trialMs, known?.readbackMsPerItem ?? undefined, collects);
  const words = items === 'simulated' ? 'further items simulated' : 'the items of the run, repeated';
  return { ...trial, attempt: 1, items, reason: `${trial.reason}; ${words}` };
}

/** The same run with at least so many items. */
function settingOfMore(
  setting: Setting,
  count: number,
): { readonly of: Setting; readonly items: BeyondTrial['items'] } {
  const simulated = simulatedMore(setting, count);
  if (simulated) return { of: simulated, items: 'simulated' };
  const { items, planFor } = setting;
  const { shape, sizes } = setting.openingFor(1);
  return {
    of: {
      ...setting,
      items: Array.from({ length: count }, (_, i) => items[i % items.length]),
      openingFor: (chunk) => ({ buffers: planFor(chunk), shape, sizes }),
    },
    items: 'repeated',
  };
}

/** Undefined where the run does not simulate its items, or not so many. */
function simulatedMore(setting: Setting, count: number): Setting | undefined {
  const { workload, config, inputs, items, precision } = setting;
  if (hasOwnData(workload, inputs.files)) return undefined;
  const spec = workload.params.find(
    (each) => each.kind === 'integer' && each.multiplies === 'items' && (each.when?.(config.params) ?? true),
  );
  if (spec?.kind !== 'integer') return undefined;
  const value = Math.ceil(((config.params[spec.key] as number) * count) / items.length);
  if (value > spec.max) return undefined;
  try {
    const more = settingOf(
      { ...setting, config: { ...config, params: { ...config.params, [spec.key]: value } } },
      precision,
    );
    return more.items.length >= count ? more : undefined;
  } catch (thrown) {
    // More than the experiment lists in one run.
    if (thrown instanceof ConfigError) return undefined;
    throw thrown;
  }
}
