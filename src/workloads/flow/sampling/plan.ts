/** Every GPU buffer of a sampler, with exact bytes. */
import { clockBuffers } from '../../../gpu/clock.ts';
import type { BufferPlan, BufferRole, PlannedBuffer } from '../../../gpu/plan.ts';
import { ringBuffers } from '../../../gpu/readback.ts';
import type { MlpSpec } from '../../../nn/mlp.ts';
import type { NetPrecision } from '../../../nn/mlp-kernel.ts';
import type { TaskShape } from '../training/setup.ts';
import { networkBuffers } from './network-buffers.ts';
import { hasSchedule, isAdaptive, type Solver } from './solvers.ts';

const WORD = 4;
export const SAMPLES_A_GROUP = 4;
export const CONTROL_BYTES = 32;
export const GROUP_BYTES = 16;
/** Of each group's walk with adapted steps: time, next step, evaluations; four samples each. The slopes come after those of all groups. */
export const WALK_ROWS = 3;
export const WALK_BYTES = WALK_ROWS * SAMPLES_A_GROUP * WORD;
const SCHEDULE_BYTES = 16;

/** What the bytes of a sampler hang on. */
export interface SamplerSizes {
  readonly solver: Solver;
  /** Steps of a sample; attempts, at most, of an adaptive solver. */
  readonly steps: number;
  readonly precision: NetPrecision;
  /** Sample groups (of four) that are in flight together. */
  readonly groups: number;
  /** Most observations of a call. */
  readonly rows: number;
  readonly submitsInFlight: number;
  readonly stagingBytes: number;
  /** Most groups in a look, and looks that may be under way; none where nobody looks. */
  readonly peekGroups: number;
  readonly peekSlots: number;
}

/** Groups that a staging buffer holds. */
export function stagedGroups({ groups, stagingBytes }: SamplerSizes, dimension: number): number {
  return Math.min(groups, Math.max(1, Math.floor(stagingBytes / groupBytes(dimension))));
}

/** Bytes of the positions of a group: four samples. */
export const groupBytes = (dimension: number) => SAMPLES_A_GROUP * WORD * dimension;

/** Bytes that a group takes of the buffer that grows fastest with their number. */
export const largestBytesAGroup = (solver: Solver, dimension: number) =>
  groupBytes(dimension) + (isAdaptive(solver) ? WALK_BYTES : 0);

/** Pure. The chunk of the plan is its rows. */
export function planSampler(
  model: { readonly task: TaskShape; readonly net: MlpSpec },
  sizes: SamplerSizes,
): BufferPlan {
  const { thetaDimension: d, xDimension: c } = model.task;
  const { groups, rows, precision, submitsInFlight, peekGroups, peekSlots } = sizes;
  const fixed = (name: string, bytes: number, role: BufferRole, formula: string): PlannedBuffer => ({
    name,
    bytes: Math.max(WORD, bytes),
    role,
    bytesPerItem: 0,
    formula,
  });
  const perRow = (name: string, bytes: number, formula: string): PlannedBuffer => ({
    ...fixed(name, bytes, 'storage', formula),
    bytesPerItem: bytes / rows,
  });
  const looked = Math.min(peekGroups, groups);
  const staged = stagedGroups(sizes, d);
  const adaptive = isAdaptive(sizes.solver);
  // One walk has to fit, whatever the dimension.
  const stagingBytes = Math.max(staged * groupBytes(d), adaptive ? WALK_BYTES : 0);
  const staging = fixed('staging', stagingBytes, 'readback', `${staged} groups × 4 samples × ${d} × 4 B`);
  return {
    chunk: rows,
    buffers: [
      ...networkBuffers(model.net, precision),
      perRow('observations', rows * c * WORD, `${rows} observations × ${c} × 4 B`),
      perRow('positions', groups * groupBytes(d), `${groups} groups × 4 samples × ${d} × 4 B`),
      perRow('groups', groups * GROUP_BYTES, `${groups} groups × ${GROUP_BYTES} B`),
      ...(hasSchedule(sizes.solver)
        ? [fixed('schedule', sizes.steps * SCHEDULE_BYTES, 'storage', `${sizes.steps} steps × 4 × 4 B`)]
        : []),
      ...(adaptive
        ? [
            perRow(
              'walks',
              groups * largestBytesAGroup(sizes.solver, d),
              `${groups} groups × 4 samples × ${WALK_ROWS + d} × 4 B`,
            ),
            fixed('open', WORD, 'storage', '1 counter × 4 B'),
            ...ringBuffers('left', WORD, 0, '1 counter × 4 B', submitsInFlight),
          ]
        : []),
      fixed('control', CONTROL_BYTES, 'uniform', '8 words × 4 B'),
      staged < groups ? staging : { ...staging, bytesPerItem: staging.bytes / rows },
      ...ringBuffers('peek', looked * groupBytes(d), 0, `${looked} groups × 4 samples × ${d} × 4 B`, peekSlots),
      ...clockBuffers(submitsInFlight),
    ],
  };
}
