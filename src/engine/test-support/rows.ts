/**
 * A small experiment of metrics, a stage each: a metric takes many rows of random words, some of them at once, and folds them in order. It
 * computes on a device and on the CPU to the same bits, saves what it has under way, and fails as asked in one of its metrics.
 */
import type { BatchSizes } from '../../batch/sizes.ts';
import type { Allocation } from '../../gpu/allocation.ts';
import type { GpuContext } from '../../gpu/context.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import type { BufferPlan } from '../../gpu/plan.ts';
import { readBuffer } from '../../gpu/readback.ts';
import { linkText } from '../../gpu/shaders.ts';
import type { DatasetItem } from '../../results/dataset/item.ts';
import { datasetResults } from '../../results/dataset/kind.ts';
import { threefryWord } from '../../stats/threefry.ts';
import type { ParamValues } from '../../workloads/params.ts';
import {
  type ChunkProgress,
  type ItemFailure,
  NO_SHAPE,
  type Problem,
  type SavedItem,
  type Session,
  type Workload,
} from '../../workloads/workload.ts';

/** The batch table's entry that a stage halves; any of the kind `chunk` will do. */
export const PIECE = 'tally.throwsPerDispatch';
const WORD = 4;
/** Words of a row: a piece takes so much for each. */
const WIDTH = 64;

export interface RowsParams {
  /** One item, and one stage, a metric. */
  readonly metrics: readonly number[];
  readonly repeats: number;
  /** Rows of metric 0; each further one has four more. */
  readonly rows: number;
  /** The metric that fails, and how; -1: none. */
  readonly broken: number;
  readonly how: 'throw' | 'compile' | 'nan';
  /** Bytes that a session on the CPU may take; 0: any. */
  readonly room: number;
}

export const rowsDefaults: RowsParams = { metrics: [0, 1, 2], repeats: 1, rows: 20, broken: -1, how: 'throw', room: 0 };

interface RowsProblem extends Problem {
  readonly params: RowsParams;
  /** Metric and rows of each item. */
  readonly metrics: readonly number[];
  readonly rows: number;
  readonly metric: number;
  /** Rows of an item at once. */
  readonly piece: number;
  readonly breaks?: RowsParams['how'];
}

/** Sessions that were opened, by bytes; the rows that each computed. */
export interface RowsCounters {
  opened: number;
  rows: number;
}

const paramsOf = (values: ParamValues) => values as unknown as RowsParams;
const rowsOf = ({ rows, metrics }: RowsParams) => rows + 4 * metrics[0];

const source = (broken: boolean) => `import package::lib::rng::threefry2x32;
@group(0) @binding(0) var<storage, read> seeds: array<u32>;
@group(0) @binding(1) var<uniform> at: vec4u;
@group(0) @binding(2) var<storage, read_write> words: array<u32>;
@compute @workgroup_size(64) fn main(@builtin(workgroup_id) row: vec3u, @builtin(local_invocation_id) id: vec3u) {
  let word = threefry2x32(vec2u(seeds[row.y], 0u), vec2u(at.x + row.x, id.x))${broken ? '.z' : ''};
  words[(row.y * at.y + row.x) * ${WIDTH}u + id.x] = word.x;
}`;

/** What computes rows `first` … `first + count − 1` of the items: their words, item by item. */
interface Rows {
  words(seeds: readonly number[], first: number, count: number): Promise<Uint32Array>;
  close(): void;
}

class DeviceRows implements Rows {
  constructor(
    readonly gpu: GpuContext,
    readonly allocation: Allocation,
    readonly kernel: Kernel,
  ) {}

  async words(seeds: readonly number[], first: number, count: number): Promise<Uint32Array> {
    const { device } = this.gpu;
    const [buffer, staging] = ['words', 'staging'].map((name) => this.allocation.buffer(name));
    device.queue.writeBuffer(this.allocation.buffer('seeds'), 0, Uint32Array.from(seeds));
    device.queue.writeBuffer(this.allocation.buffer('at'), 0, Uint32Array.of(first, count, 0, 0));
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(this.kernel.pipeline);
    pass.setBindGroup(
      0,
      this.kernel.bindGroup({ 0: this.allocation.buffer('seeds'), 1: this.allocation.buffer('at'), 2: buffer }),
    );
    pass.dispatchWorkgroups(count, seeds.length);
    pass.end();
    const bytes = seeds.length * count * WIDTH * WORD;
    encoder.copyBufferToBuffer(buffer, 0, staging, 0, bytes);
    device.queue.submit([encoder.finish()]);
    await this.gpu.finished();
    return new Uint32Array(await readBuffer(device, staging, bytes));
  }

  close(): void {
    this.allocation.destroy();
  }
}

const cpuRows: Rows = {
  words: async (seeds, first, count) =>
    Uint32Array.from({ length: seeds.length * count * WIDTH }, (_, i) => {
      const row = Math.floor(i / WIDTH);
      return threefryWord(seeds[Math.floor(row / count)], 0, first + (row % count), i % WIDTH);
    }),
  close: () => undefined,
};

/** Words so far are folded into sums of a row: whole numbers, in order. */
class RowsSession implements Session<DatasetItem> {
  #items: readonly number[] = [];
  #sums: number[][] = [];

  constructor(
    readonly problem: RowsProblem,
    readonly rows: Rows,
    readonly counters: RowsCounters,
  ) {
    counters.opened++;
  }

  async start(items: readonly number[], saved: readonly SavedItem[] = []): Promise<void> {
    this.#items = items;
    // Items of a chunk go on together, from the row that all of them have.
    const states = items.map((item) => (saved.find(({ index }) => index === item)?.state ?? []) as number[]);
    const common = Math.min(...states.map(({ length }) => length));
    this.#sums = states.map((sums) => sums.slice(0, common));
  }

  async advance(): Promise<ChunkProgress> {
    const { rows, piece, breaks, items } = this.problem;
    const first = this.#sums[0].length;
    if (breaks === 'throw' && first > 0) throw new Error('no gradient');
    const count = Math.min(piece, rows - first);
    const seeds = this.#items.map((item) => items[item].seed);
    const words = await this.rows.words(seeds, first, count);
    for (const [i, sums] of this.#sums.entries())
      for (let row = 0; row < count; row++) {
        const at = (i * count + row) * WIDTH;
        sums.push(words.subarray(at, at + WIDTH).reduce((sum, word) => sum + word, 0));
      }
    this.counters.rows += count * this.#items.length;
    const done = first + count;
    return {
      phase: done === rows ? 'done' : 'sample',
      steps: done,
      stepsTotal: rows,
      work: done * this.#items.length,
      busyMs: 0,
      clock: 'wall',
    };
  }

  async peek(): Promise<undefined> {}

  async saved(): Promise<readonly SavedItem[]> {
    return this.#items.map((index, i) => ({ index, state: [...this.#sums[i]] }));
  }

  async collect(): Promise<DatasetItem[]> {
    if (this.problem.breaks === 'nan') return [];
    return this.#items.map((item, i) => {
      const values = Float64Array.from(this.#sums[i]);
      return {
        info: this.problem.items[item],
        arrays: [{ group: 'rows', name: 'sums', dims: ['row'], shape: [values.length], values }],
        attributes: { rows: values.length },
        work: values.length,
      };
    });
  }

  failures(): readonly ItemFailure[] {
    if (this.problem.breaks !== 'nan') return [];
    return this.#items.map((index) => ({ index, error: new Error('row 3 is not a number') }));
  }

  close(): void {
    this.rows.close();
  }
}

/** What a metric holds whatever the size of its pieces: nothing makes it less. */
const HELD_BYTES = 2048;

function planOf(chunk: number, piece: number, metric: number): BufferPlan {
  const buffer = (name: string, role: 'storage' | 'uniform' | 'readback', fixed: number, each: number) => ({
    name,
    role,
    bytes: fixed + chunk * each,
    bytesPerItem: each,
    formula: `${fixed} B + chunk × ${each} B`,
  });
  const words = piece * WIDTH * WORD;
  return {
    chunk,
    buffers: [
      buffer('seeds', 'storage', 0, WORD),
      buffer('at', 'uniform', 4 * WORD, 0),
      buffer('words', 'storage', 0, words),
      buffer('staging', 'readback', 0, words),
      buffer('held', 'storage', WORD + metric * HELD_BYTES, 0),
    ],
  };
}

/** Bytes of a metric's stage with so many items and rows of each at once. */
export const rowsBytes = (chunk: number, piece: number, metric: number): number =>
  planOf(chunk, piece, metric).buffers.reduce((sum, { bytes }) => sum + bytes, 0);

const integer = (key: keyof RowsParams, min = 0, max = 1_000_000) =>
  ({
    key,
    kind: 'integer',
    label: key,
    help: '',
    group: 'Rows',
    default: rowsDefaults[key] as number,
    min,
    max,
  }) as const;

export function rowsWorkload(): Workload<RowsProblem, DatasetItem> & { readonly counters: RowsCounters } {
  const counters: RowsCounters = { opened: 0, rows: 0 };
  const problem = (values: ParamValues, seed: number, piece: number): RowsProblem => {
    const params = paramsOf(values);
    const metrics = params.metrics.flatMap((metric) => Array.from({ length: params.repeats }, () => metric));
    return {
      params,
      metrics,
      rows: 0,
      metric: 0,
      piece,
      // By metric, not by place: a run with further ones has the same items.
      items: metrics.map((metric, index) => ({
        index,
        runId: `metric_${metric}_${index % params.repeats}`,
        seed: seed + 1000 * metric + (index % params.repeats),
        truth: {},
      })),
      parameters: [],
      notes: [],
      warnings: [],
    };
  };
  return {
    counters,
    id: 'rows',
    title: 'Rows',
    blurb: 'Sums of random words.',
    itemName: { one: 'metric', many: 'metrics' },
    workName: 'rows',
    precisions: ['f32'],
    chunkEntry: 'shear.chunk',
    params: [
      {
        key: 'metrics',
        kind: 'numberList',
        extends: true,
        label: 'Metrics',
        help: '',
        group: 'Rows',
        default: rowsDefaults.metrics,
        maxLength: 8,
      },
      integer('repeats', 1, 16),
      integer('rows', 1),
      integer('broken', -1),
      integer('room'),
      {
        key: 'how',
        kind: 'choice',
        label: 'how',
        help: '',
        group: 'Rows',
        default: 'throw',
        choices: ['throw', 'compile', 'nan'].map((value) => ({ value, label: value })),
      },
    ],
    presets: [{ id: 'plain', label: 'Plain', help: '', params: {} }],
    files: [],
    results: datasetResults({ kind: 'dataset', each: 'sums of rows', passes: 'hold all rows', columns: [] }),
    stages: (params) => {
      const { metrics, repeats } = paramsOf(params);
      return metrics.map((metric, at) => ({
        name: `metric ${metric}`,
        params: { ...params, only: metric },
        items: Array.from({ length: repeats }, (_, i) => at * repeats + i),
        chunkEntry: PIECE,
        rows: rowsOf({ ...paramsOf(params), metrics: [metric] }),
        lighter: `Lower rows of metric ${metric}: its error grows with the root of how many are left.`,
      }));
    },
    configure: (values, _inputs, { sizes } = {}) => {
      const params = paramsOf(values);
      const only = values.only as number | undefined;
      const rows = rowsOf({ ...params, metrics: [only ?? 0] });
      const piece = Math.min(rows, (sizes as BatchSizes)[PIECE]);
      return {
        count: params.metrics.length * params.repeats,
        work: { flopPerUnit: 1, bytesPerUnit: WIDTH * WORD, unitsPerItem: rows },
        shape: () => NO_SHAPE,
        resultBytes: 8 * rows,
        plan: (chunk) => planOf(chunk, piece, only ?? 0),
        prepare: (seed) => ({
          ...problem(values, seed, piece),
          rows,
          metric: only ?? 0,
          ...(only !== undefined && only === params.broken && { breaks: params.how }),
        }),
      };
    },
    open: async (gpu, given, plan) =>
      gpu.allocateFor(plan, async (allocation) => {
        const kernel = await gpu.compile(linkText('rows', source(given.breaks === 'compile')));
        return new RowsSession(given, new DeviceRows(gpu, allocation, kernel), counters);
      }),
    reference: async (given, chunk) => {
      const { room } = given.params;
      if (room > 0 && rowsBytes(chunk, given.piece, given.metric) > room)
        throw new RangeError('Array buffer allocation failed');
      if (given.breaks === 'compile') throw new Error('does not compile');
      return new RowsSession(given, cpuRows, counters);
    },
    shaders: async ({ metrics }) => ({ 'rows.wgsl': source(metrics.length === 0) }),
  };
}
