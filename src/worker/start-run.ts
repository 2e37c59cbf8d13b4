/** Starts a run, wires it to the page, its checkpoint and the history. Loaded when somebody begins to use the page. */
import { placeOf } from '../engine/checkpoint/head.ts';
import { requireSameRun } from '../engine/checkpoint/same-run.ts';
import { ownFiles } from '../engine/config/own-files.ts';
import { describeError } from '../engine/errors.ts';
import { RunController } from '../engine/run/controller.ts';
import type { RunEvent } from '../engine/run/events.ts';
import { type EarlierRun, takenOver } from '../engine/run/extension.ts';
import type { RunOutcome } from '../engine/run/progress.ts';
import { excludedLines } from '../engine/run/unrescued.ts';
import type { RememberedPlan } from '../engine/tuner/memory.ts';
import type { FaultPlan } from '../gpu/faults.ts';
import type { OpenedCheckpoint } from './checkpoint/resume.ts';
import { RunCheckpoint } from './checkpoint/run-checkpoint.ts';
import type { DeviceOwner, PassedDevice } from './device-owner.ts';
import type { DeviceUse } from './device-use.ts';
import type { FileOwner } from './file-owner.ts';
import type { Event } from './protocol.ts';
import type { RunReply } from './run-reply.ts';

export interface RunTask {
  readonly planned: RememberedPlan;
  /** What the plan is for; undefined for the CPU. */
  readonly device: PassedDevice | undefined;
  readonly devices: DeviceOwner;
  readonly files: FileOwner;
  readonly faults: FaultPlan | undefined;
  readonly use: DeviceUse;
  readonly paused: boolean;
  /** What it goes on from. */
  readonly from?: OpenedCheckpoint;
  /** The finished run that it adds to. */
  readonly earlier?: EarlierRun;
  readonly post: (event: Event) => void;
}

/** Resolves once the run has begun. Rejects with what keeps it from that; the device is free again then. */
export async function startRun(task: RunTask): Promise<RunReply> {
  const { planned, device, devices, files, faults, use, paused, from, earlier, post } = task;
  const { plan, tuning } = planned;
  let gpu = device?.gpu ?? null;
  const taken = earlier && (await takenOver(earlier, { plan, report: gpu?.report ?? null }));
  let checkpoint: RunCheckpoint | undefined;
  const event = (event: RunEvent) => post({ type: 'runEvent', event });
  const run: RunController = new RunController({
    plan,
    gpu,
    selfTest: device?.selfTest,
    faults,
    reopen: async () => {
      gpu = await devices.replace(gpu!, plan.config);
      return gpu;
    },
    finished: from?.checkpoint.finished ?? taken,
    saved: from?.checkpoint.saved,
    paused,
    listener: {
      progress: (progress) => post({ type: 'progress', progress }),
      itemDone: (summary) => post({ type: 'itemDone', summary }),
      chunkDone: (items) => checkpoint?.add(items),
      saved: (items) => checkpoint?.save(items),
      chunkFailed: (items, error) => post({ type: 'chunkFailed', items, error }),
      event,
      peek: (peek) => post({ type: 'peek', peek }),
    },
  });
  if (from) await requireSameRun(from.checkpoint.head, run);
  use.began(run, tuning);
  await run.open();
  if (run.cpu?.warning) post({ type: 'log', level: 'warning', message: run.cpu.warning });
  for (const message of plan.stated) post({ type: 'log', level: 'warning', message });
  for (const message of run.problem.warnings) post({ type: 'log', level: 'warning', message });
  for (const note of run.problem.notes) post({ type: 'log', level: 'info', message: note });
  const { loaded } = plan.inputs;
  const reply: RunReply = {
    mode: plan.mode,
    cpu: run.cpu?.arithmetic,
    place: placeOf(plan.mode, run.report?.name ?? null),
    ...(loaded && { loaded: { name: loaded.name, sha256: loaded.sha256 } }),
    ownFiles: ownFiles(plan.workload, plan.inputs.files),
    items: run.problem.items,
    parameters: run.problem.parameters,
    notes: run.problem.notes,
    warnings: run.problem.warnings,
    chunk: plan.chunk,
    chunks: plan.chunks,
    plan: plan.buffers,
    shape: plan.shape.record,
    shaders: run.shaders,
  };
  checkpoint = await RunCheckpoint.open({ run, reply, files: files.blobs(plan.workload.id), from, faults, event });
  if (taken) checkpoint.add(taken.map(({ stored }) => stored.info.index));
  run
    .run()
    .then((outcome) => {
      for (const message of excludedLines(run)) post({ type: 'log', level: 'warning', message });
      post({ type: 'finished', outcome });
      return keep(run, reply, outcome, checkpoint, post);
    })
    .catch((thrown) => post({ type: 'error', error: describeError(thrown) }));
  return reply;
}

/** Into the browser's history, where there is one; the checkpoint has done its work then. */
async function keep(
  run: RunController,
  reply: RunReply,
  outcome: RunOutcome,
  checkpoint: RunCheckpoint | undefined,
  post: (event: Event) => void,
): Promise<void> {
  const { keepRun } = await import('./history/write.ts');
  const kept = run.store.size > 0 ? await keepRun(run, reply, outcome) : undefined;
  await checkpoint?.end(outcome, kept?.kept !== undefined);
  if (kept) post({ type: 'history', ...kept });
}
