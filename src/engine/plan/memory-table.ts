/** What every size of the batch table takes, and how the buffers grow with the chunk: the planner's exact bytes, without a device. */

import type { BatchEntry } from '../../batch/entry.ts';
import { presetSize, type SizeKey } from '../../batch/sizes.ts';
import { batchTable } from '../../batch/table.ts';
import type { BufferPlan } from '../../gpu/plan.ts';
import type { AdapterReport } from '../../gpu/report.ts';
import type { RunPlan } from './plan-run.ts';
import { bytesWith, type StageMemory, stageMemory } from './stage-memory.ts';
import type { StagePlan } from './stage-plan.ts';

/** One entry of the batch table in this configuration. */
export interface SizeUse {
  readonly key: SizeKey;
  /** The value that a run takes. */
  readonly value: number;
  /** The memory class's value. */
  readonly preset: number;
  /** GPU: what all buffers take less what they take at the entry's minimum. CPU: the value itself. Exact. */
  readonly bytes: number;
  /** The next value up: one more, or twice as much for bytes and powers of two; undefined at the maximum. */
  readonly next?: number;
  /** What the next value adds to what this one takes. Exact. */
  readonly nextBytes: number;
}

/** Bytes of each buffer over the chunk. */
export interface MemoryCurve {
  readonly chunks: readonly number[];
  readonly buffers: readonly { readonly name: string; readonly role: string; readonly bytes: readonly number[] }[];
}

/** The buffers of a pass over items: a stage of the run, or a rescue of what failed. It takes them when the one before has given its own back. */
export interface PassMemory {
  /** "stage fisher", "rescue 1", "rescue 1 of stage fisher"; that of a run's only stage has no name. */
  readonly name?: string;
  /** Most items that it may have, and how many at once. */
  readonly items: number;
  readonly chunk: number;
  readonly buffers: BufferPlan;
  /** Why it does not fit, in words. */
  readonly tooLarge?: string;
}

export interface MemoryTable {
  readonly sizes: readonly SizeUse[];
  readonly curve: MemoryCurve;
  /** What each stage takes, and would with more or less of an item at once; none where a run is one stage. */
  readonly stages: readonly StageMemory[];
  /** In the order in which they run: the stages, then the rescues of each that would be run if all of its items failed. */
  readonly passes: readonly PassMemory[];
}

/** Chunks a doubling of the curve: bytes bend where staging is full. */
const STEPS_A_DOUBLING = 4;

/**
 * The curve is of the first stage, whose chunk the batch size is; so are sizes, but for what the experiment's own take in later stages: of
 * each the stage that takes most for it.
 */
export function memoryTable({ stages, rescues }: RunPlan, report: AdapterReport | null): MemoryTable {
  const [first] = stages;
  return {
    sizes: sizeUses(stages, report),
    stages: stageMemory({ stages }, report),
    curve: memoryCurve(first),
    passes: [
      ...stages.map(({ stage, items, chunk, buffers, tooLarge }) => ({
        ...{ name: stage && `stage ${stage.name}`, items, chunk, buffers, tooLarge },
      })),
      ...rescues.map(({ rescue, stage, chunk, buffers, tooLarge }) => ({
        name: `rescue ${rescue}${stage === undefined ? '' : ` of stage ${stage}`}`,
        items: stages.find((each) => each.stage?.name === stage)!.items,
        ...{ chunk, buffers, tooLarge },
      })),
    ],
  };
}

/** The planned chunk stays while an entry is changed, whatever "auto" would then come to. */
function sizeUses(stages: readonly StagePlan[], report: AdapterReport | null): SizeUse[] {
  const [first] = stages;
  const own = `${first.workload.id}.`;
  return batchTable.map((entry) => {
    const among = entry.key.startsWith(own) ? stages : [first];
    return among
      .map((plan) => sizeUse(entry, plan, report))
      .reduce((most, use) => (use.bytes > most.bytes ? use : most));
  });
}

function sizeUse(
  entry: BatchEntry & { readonly key: SizeKey },
  plan: StagePlan,
  report: AdapterReport | null,
): SizeUse {
  const { key, minimum, maximum, where, unit, powerOfTwo } = entry;
  const isChunk = key === plan.workload.chunkEntry;
  // What memory has halved is the form's to change all the same.
  const value = isChunk ? plan.chunk : key === plan.inner?.entry ? plan.inner.configured : plan.sizes[key];
  const bytesAt = (size: number) => {
    if (where === 'cpu') return size;
    return isChunk
      ? bytesWith(plan, report, plan.sizes, size)
      : bytesWith(plan, report, { ...plan.sizes, [key]: size });
  };
  const bytes = where === 'cpu' ? value : bytesAt(value) - bytesAt(minimum);
  const up = unit === 'bytes' || powerOfTwo ? 2 * value : value + 1;
  const next = up <= maximum ? up : undefined;
  const nextBytes = next === undefined ? 0 : bytesAt(next) - bytesAt(value);
  return { key, value, preset: presetSize(entry, plan.memoryClass), bytes, next, nextBytes };
}

/** From 1 to the next doubling beyond what the first cap allows, and beyond the run's items. */
function memoryCurve(plan: StagePlan): MemoryCurve {
  const { configured, shape, items, caps } = plan;
  const most = Math.max(items, ...caps.each.filter(({ name }) => name === caps.binding).map((cap) => cap.largestChunk));
  const doublings = Math.ceil(Math.log2(Math.max(2, most))) + 1;
  const steps = Array.from({ length: doublings * STEPS_A_DOUBLING + 1 }, (_, i) =>
    Math.round(2 ** (i / STEPS_A_DOUBLING)),
  );
  const chunks = [...new Set([...steps, plan.chunk, items])].sort((a, b) => a - b);
  const plans = chunks.map((chunk) => configured.plan(chunk, shape));
  return {
    chunks,
    buffers: plans[0].buffers.map(({ name, role }, i) => ({
      name,
      role,
      bytes: plans.map(({ buffers }) => buffers[i].bytes),
    })),
  };
}
