/**
 * Every metric as a run of the engine on a device: equal bits whatever is in flight, whatever memory there is, wherever it is killed, and
 * whatever stands for nothing.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { headOf } from '../../src/engine/checkpoint/head.ts';
import { type Checkpoint, readCheckpoint } from '../../src/engine/checkpoint/read.ts';
import { requireSameRun } from '../../src/engine/checkpoint/same-run.ts';
import { CheckpointWriter } from '../../src/engine/checkpoint/writer.ts';
import { failuresJson, readFailures } from '../../src/engine/files/failures.ts';
import type { RunController } from '../../src/engine/run/controller.ts';
import { bitsOf } from '../../src/engine/test-support/faulty-run.ts';
import { MemoryFiles } from '../../src/engine/test-support/memory-files.ts';
import { GpuContext } from '../../src/gpu/context.ts';
import { type FaultPlan, withFaults } from '../../src/gpu/faults.ts';
import { findNodeGpu, releaseNodeGpu } from '../../src/gpu/provider-node.ts';
import type { DatasetItem } from '../../src/results/dataset/item.ts';
import { METRICS } from '../../src/workloads/analysis/metrics/index.ts';
import { copyTexts } from '../../src/workloads/analysis/metrics/induction.ts';
import type { MetricSetting } from '../../src/workloads/analysis/metrics/metric.ts';
import { toldOf } from '../../src/workloads/analysis/result.ts';
import { IDS, idsInTexts, smallGraph, smallRun, TEXTS } from './small-run.ts';

/**
 * @param rowsTried how many rows at once are held against all
 * @param pads whether other ids for padding are tried, too
 */
export function survival(rowsTried: readonly number[], pads: boolean): void {
  /** The device does what it says at any time. */
  const faults: { -readonly [K in keyof FaultPlan]: FaultPlan[K] } = {};
  let gpu: GpuContext;
  let submits = 0;
  /** Of a run that nothing disturbs, and the pieces of work that each metric takes in it. */
  let whole: ReadonlyMap<string, string>;
  const pieces = new Map<string, number>();

  /** By the names of the metrics. */
  const bits = (run: RunController) =>
    new Map([...bitsOf(run)].map(([index, text]) => [run.problem.items[index].runId, text]));
  const events = (run: RunController) => readFailures('x', JSON.parse(failuresJson(run))).events;
  const metricOf = (id: string) => METRICS.find((metric) => metric.id === id)!;

  async function finished(run: RunController): Promise<ReadonlyMap<string, string>> {
    expect(await run.run()).toMatchObject({ state: 'finished', failed: [] });
    expect(gpu.ledger.current).toBe(0);
    return bits(run);
  }

  beforeAll(async () => {
    const native = await findNodeGpu();
    if (!native) throw new Error('No Vulkan driver: install Chromium, or set VK_DRIVER_FILES.');
    gpu = await GpuContext.open({ gpu: withFaults(native, faults) });
    const { queue } = gpu.device;
    const submit = queue.submit.bind(queue);
    queue.submit = (commands) => {
      submits++;
      return submit(commands);
    };
    const run = smallRun(gpu, { around: { piece: (metric, count) => pieces.set(metric, count) } });
    whole = await finished(run);
    // Every one of them is computed.
    for (const item of run.store.items()) {
      const { attributes } = item as DatasetItem;
      expect(attributes, String(attributes.metric)).not.toHaveProperty('objection');
      expect(toldOf({ attributes }).headlines.length).toBeGreaterThan(0);
    }
  }, 240_000);
  afterAll(() => {
    gpu?.destroy();
    releaseNodeGpu();
  });

  test.each([...rowsTried])(
    '%s rows in flight: the same bits',
    async (rows) => {
      const run = smallRun(gpu, { rows });
      const found = await finished(run);
      for (const id of IDS) expect.soft(found.get(id), id).toBe(whole.get(id));
    },
    240_000,
  );

  test('out of memory: each metric works on half the rows, to the same bits, and it is written what was halved', async () => {
    const opened = new Map<string, number[]>();
    const bytesAt = (rows: number) => smallRun(gpu, { rows }).plan.stages.map(({ totalBytes }) => totalBytes);
    const [all, half] = [bytesAt(TEXTS), bytesAt(TEXTS / 2)];
    // Slopes of single texts hold one row whatever the chunk.
    const halved = IDS.filter((_, i) => half[i] < all[i]);
    expect(IDS.length - halved.length).toBeLessThan(5);
    const run = smallRun(gpu, {
      around: {
        opens: (metric, bytes) => {
          const all = opened.get(metric) ?? [];
          opened.set(metric, [...all, bytes]);
          // The device lacks four bytes of what the first session wants.
          if (all.length === 0 && halved.includes(metric)) faults.outOfMemoryAboveBytes = bytes - 4;
          else delete faults.outOfMemoryAboveBytes;
        },
      },
    });
    const found = await finished(run);
    delete faults.outOfMemoryAboveBytes;
    for (const id of IDS) expect.soft(found.get(id), id).toBe(whole.get(id));
    expect(
      events(run).map(({ kind, items, entry, chunkBefore, chunkAfter, bytesBefore, bytesAfter }) => ({
        kind,
        items,
        entry,
        chunkBefore,
        chunkAfter,
        bytesBefore,
        bytesAfter,
      })),
    ).toEqual(
      halved.map((id) => ({
        kind: 'split',
        items: [IDS.indexOf(id)],
        // Of this metric alone: the next begins with the configured rows again.
        entry: metricOf(id).chunk,
        chunkBefore: TEXTS,
        chunkAfter: TEXTS / 2,
        bytesBefore: opened.get(id)![0],
        bytesAfter: opened.get(id)![1],
      })),
    );
    for (const [i, { message }] of events(run).entries())
      expect(message).toContain(`${metricOf(halved[i]).chunk} went from ${TEXTS} to ${TEXTS / 2}`);
  }, 240_000);

  test('out of memory while it computes: what it had is gone on with on half the rows, to the same bits', async () => {
    const opened = new Set<string>();
    const metrics = ['attention', 'integrated-gradients', 'hessian', 'representations'];
    let fresh = false;
    const run = smallRun(gpu, {
      metrics,
      around: {
        opens: (metric) => {
          fresh = !opened.has(metric);
          opened.add(metric);
        },
        piece: (_, count) => {
          if (fresh && count === 1) faults.outOfMemoryAtSubmit = submits + 1;
        },
      },
    });
    await finished(run);
    delete faults.outOfMemoryAtSubmit;
    const undisturbed = await finished(smallRun(gpu, { metrics }));
    expect(bits(run)).toEqual(undisturbed);
    expect(events(run).map(({ entry, chunkBefore, chunkAfter }) => [entry, chunkBefore, chunkAfter])).toEqual(
      metrics.map((id) => [metricOf(id).chunk, TEXTS, TEXTS / 2]),
    );
  }, 240_000);

  test('with one row even, a metric that has no room says which statistical size to lower; the others are done', async () => {
    const [first, ...others] = IDS;
    const run = smallRun(gpu, {
      rows: 2,
      around: {
        opens: (metric, bytes) => {
          if (metric === first) delete faults.outOfMemoryAboveBytes;
          else faults.outOfMemoryAboveBytes = bytes - 4;
        },
      },
    });
    expect(await run.run()).toMatchObject({ state: 'finished' });
    delete faults.outOfMemoryAboveBytes;
    expect(bits(run)).toEqual(new Map([[first, whole.get(first)]]));
    const failed = readFailures('x', JSON.parse(failuresJson(run))).failed;
    expect(failed.map(({ info, error }) => [info.runId, error])).toEqual(others.map((id) => [id, 'OutOfMemoryError']));
    for (const { info, reason } of failed) {
      const { chunk, lighter } = metricOf(info.runId);
      expect(reason).toContain(`${chunk} cannot go below 1`);
      expect(reason.toLowerCase()).toContain(lighter.toLowerCase());
    }
  }, 240_000);

  test('killed half way through each metric and gone on with: the same bits, and nothing twice', async () => {
    const goneOn = new Set<string>();
    const cut = new Set<string>();
    let from: Checkpoint | undefined;
    const files = new MemoryFiles();
    for (let sitting = 0; sitting <= IDS.length; sitting++) {
      const writer = new CheckpointWriter(
        files,
        (error) => {
          throw error;
        },
        from,
      );
      const again = new Map<string, number>();
      const run: RunController = smallRun(gpu, {
        from,
        around: {
          piece: (metric, count) => {
            again.set(metric, count);
            if (count < pieces.get(metric)! / 2 || cut.has(metric)) return;
            cut.add(metric);
            run.stop();
          },
        },
        listener: {
          chunkDone: (items) => writer.add(run.store.stored(run.plan.workload.results, items), run.progress),
          saved: (items) => {
            if (!run.outcome) writer.save(items);
          },
        },
      });
      if (from) await requireSameRun(from.head, run);
      else writer.begin(await headOf(run.plan, run.problem, gpu.report.name, run.startedAt));
      const before = from?.saved.map(({ index }) => IDS[index]) ?? [];
      const { state } = await run.run();
      for (const id of before) if ((again.get(id) ?? 0) < pieces.get(id)!) goneOn.add(id);
      if (state === 'finished') {
        expect(bits(run)).toEqual(whole);
        break;
      }
      expect(state).toBe('stopped');
      await writer.flush();
      from = await readCheckpoint(files);
    }
    expect(cut.size).toBe(IDS.filter((id) => pieces.get(id)! > 1).length);
    // Those whose state is small.
    expect(goneOn.size).toBeGreaterThan(IDS.length / 2);
  }, 240_000);

  if (!pads) return;
  test('which id stands for nothing changes no bit where nothing is put in its place', async () => {
    // Texts that a metric makes are of other ids than what stands for nothing: take two that are in none of them anyway.
    const setting = { graph: smallGraph, seed: 42, padId: -1 } as unknown as MetricSetting;
    const made = [0, 1].flatMap((text) => Object.values(copyTexts(setting, text)).flatMap(({ ids }) => ids));
    const free = Array.from({ length: 50 }, (_, id) => id).filter((id) => !made.includes(id));
    const inTexts = free.find((id) => idsInTexts.has(id))!;
    const inNone = free.find((id) => !idsInTexts.has(id))!;
    const found = await finished(smallRun(gpu, { params: { padId: inTexts } }));
    const other = await finished(smallRun(gpu, { params: { padId: inNone } }));
    for (const id of IDS) {
      expect.soft(other.get(id), id).toBe(found.get(id));
      if (id !== 'induction') expect.soft(found.get(id), id).toBe(whole.get(id));
    }
  }, 240_000);
}
