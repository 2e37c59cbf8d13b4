/** The kernels of an evaluation in their order: which buffers each reads and writes, and over how many workgroups it goes. */
import type { BufferRange, KernelBinding } from '../../gpu/bound-kernel.ts';
import { filled } from '../optimiser/tensor-table.ts';
import { ATTENTION_BINDINGS, attentionPlan } from '../tensor/attention.ts';
import { type MatmulSpec, matmulBuffers, matmulPlan } from '../tensor/matmul.ts';
import {
  EMBEDDING_BINDINGS,
  embeddingPlan,
  NORM_BINDINGS,
  normPlan,
  ROTARY_BINDINGS,
  rotaryPlan,
} from '../tensor/rows.ts';
import type { WorkCounts } from '../tensor/work.ts';
import { FORWARD_BUFFERS, type ForwardSetup, labelOffset, placesOf } from './forward-setup.ts';
import { type ScoreTensors, scoreStorage } from './tensors.ts';
import type { Layer, NetworkWalk, NormStep } from './walk.ts';

/** A dispatch of the kernel of that name. */
export interface ForwardStep {
  readonly kernel: string;
  /** What a session may submit apart: conditions, embedding, attention and perceptron of each block, output. */
  readonly unit: string;
  /** Workgroups, for what is active. */
  groups(counts: WorkCounts): number;
}

export interface Steps {
  readonly steps: readonly ForwardStep[];
  readonly kernels: Readonly<Record<string, KernelBinding>>;
}

type Buffer = string | BufferRange;
type Rows = (counts: WorkCounts) => number;

/** Collects steps and their kernels. */
class Builder {
  readonly steps: ForwardStep[] = [];
  readonly kernels: Record<string, KernelBinding> = {};
  readonly #setup: ForwardSetup;
  readonly #tensors: ScoreTensors;

  constructor(setup: ForwardSetup, tensors: ScoreTensors) {
    this.#setup = setup;
    this.#tensors = tensors;
  }

  add(unit: string, name: string, kernel: KernelBinding, groups: ForwardStep['groups']): void {
    const key = `${unit}.${name}`;
    this.kernels[key] = kernel;
    this.steps.push({ kernel: key, unit, groups });
  }

  /** The working copy of a tensor. */
  weight(name: string): BufferRange {
    return { buffer: FORWARD_BUFFERS.weights, ...this.#tensors.plain(name) };
  }

  /** A product with a layer's weight, all columns unless said otherwise. */
  product(
    unit: string,
    { name, inputs, outputs, biased }: Layer,
    spec: Partial<MatmulSpec> & Pick<MatmulSpec, 'x' | 'w' | 'y' | 'rows'>,
    buffers: Readonly<Partial<Record<'x' | 'y' | 'modulations' | 'index', Buffer>>>,
    rows: Rows,
    part = name,
  ): void {
    const stride = filled(outputs);
    const full: MatmulSpec = {
      inner: inputs,
      wStride: stride,
      yStride: stride,
      column: 0,
      columns: stride,
      biased,
      half: this.#setup.precision === 'f16' && spec.w === 'f16',
      genes: this.#setup.genes,
      ...spec,
    };
    const plan = matmulPlan(full, this.#setup.shape);
    const bound = {
      ...buffers,
      w: this.weight(`${name}.weight`),
      work: FORWARD_BUFFERS.work,
      ...(biased ? { bias: this.weight(`${name}.bias`) } : {}),
    };
    this.add(unit, part, { shader: plan.shader, buffers: matmulBuffers<Buffer>(full, bound) }, (counts) =>
      plan.groups(rows(counts)),
    );
  }
}

/** c, [places][width], and what every block and the output make of it: for all places, f32 in every precision. */
export function conditionSteps(setup: ForwardSetup, walk: NetworkWalk, tensors: ScoreTensors): Steps {
  const builder = new Builder(setup, tensors);
  const places = placesOf(setup);
  const all: Rows = (counts) => counts.places;
  const f32 = { x: 'f32', w: 'f32', y: 'f32', rows: 'places' } as const;
  const hidden = 'network.conditionHidden';
  let labels = 0;
  walk.conditions.forEach(({ embedding, first, second }, i) => {
    const input: Readonly<Partial<Record<'x' | 'index', Buffer>>> = embedding
      ? {
          x: builder.weight(embedding),
          index: { buffer: FORWARD_BUFFERS.labels, offset: labelOffset(places, labels++), bytes: 4 * places },
        }
      : { x: FORWARD_BUFFERS.time };
    const gathered = embedding !== undefined;
    builder.product('conditions', first, { ...f32, gathered, gelu: true }, { ...input, y: hidden }, all);
    builder.product('conditions', second, { ...f32, accumulate: i > 0 }, { x: hidden, y: 'network.conditioning' }, all);
  });
  walk.modulations.forEach((layer, i) => {
    const buffers = { x: 'network.conditioning', y: `network.modulations.${i}` };
    builder.product('conditions', layer, { ...f32, activated: walk.conditionActivated }, buffers, all);
  });
  return builder;
}

export function networkSteps(
  setup: ForwardSetup,
  walk: NetworkWalk,
  tensors: ScoreTensors,
): Steps & { listedShares(rows: number): number } {
  const { spec, precision, genes, shape } = setup;
  const { width, heads } = spec;
  const head = width / heads;
  const builder = new Builder(setup, tensors);
  const storage = scoreStorage(precision);
  const half = precision === 'f16';
  const counted: Rows = ({ active }) => active * genes;
  const listed: Rows = ({ rows }) => rows;
  const embedding = embeddingPlan({ width, storage, genes }, shape);
  const stream = 'network.stream';
  const normed = 'network.normed';
  const wide = 'network.wide';

  builder.add(
    'embedding',
    'embedding',
    {
      shader: embedding.shader,
      buffers: {
        [EMBEDDING_BINDINGS.tokenTable]: builder.weight('token_embed.weight'),
        [EMBEDDING_BINDINGS.geneTable]: builder.weight('gene_embed.weight'),
        [EMBEDDING_BINDINGS.tokens]: FORWARD_BUFFERS.tokens,
        [EMBEDDING_BINDINGS.work]: FORWARD_BUFFERS.work,
        [EMBEDDING_BINDINGS.x]: stream,
      },
    },
    (counts) => embedding.groups(counted(counts)),
  );

  const norm = (unit: string, name: string, step: NormStep, rows: 'counted' | 'listed' | 'compact') => {
    const { modulation, shift, scale, unit: one } = step;
    const compact = rows === 'compact';
    const plan = normPlan(
      {
        width,
        epsilon: walk.epsilon,
        stride: walk.modulations[modulation].outputs,
        shift,
        scale,
        unit: one,
        storage: compact ? 'f32' : storage,
        rows,
        genes,
      },
      shape,
    );
    const buffers = {
      [NORM_BINDINGS.x]: stream,
      [NORM_BINDINGS.modulations]: `network.modulations.${modulation}`,
      [NORM_BINDINGS.work]: FORWARD_BUFFERS.work,
      [NORM_BINDINGS.h]: compact ? 'network.out' : normed,
    };
    builder.add(unit, name, { shader: plan.shader, buffers }, (counts) =>
      plan.groups((rows === 'counted' ? counted : listed)(counts)),
    );
  };
  /** x + gate · (branch W + b), into the stream. */
  const back = (unit: string, layer: Layer, from: string, gate: NormStep['gate'], rows: 'counted' | 'listed') =>
    builder.product(
      unit,
      layer,
      {
        x: storage,
        w: storage,
        y: 'f32',
        rows,
        accumulate: gate ? { gate: gate.at, stride: walk.modulations[gate.modulation].outputs } : true,
      },
      { x: from, y: stream, ...(gate ? { modulations: `network.modulations.${gate.modulation}` } : {}) },
      rows === 'counted' ? counted : listed,
    );

  let listedShares = (rows: number) => rows;
  walk.blocks.forEach((block, i) => {
    const last = i === walk.blocks.length - 1;
    const rows = last ? 'listed' : 'counted';
    const asked = last ? listed : counted;
    const attend = `block ${i}, attention`;
    norm(attend, 'norm', block.attentionNorm, 'counted');
    const packed = { x: storage, w: storage, y: storage } as const;
    const toWide = { x: normed, y: wide };
    if (last) {
      // All genes are seen, the listed ones look.
      const keys = { ...packed, rows: 'counted', column: width, columns: 2 * width } as const;
      builder.product(attend, block.qkv, keys, toWide, counted, 'keys and values');
      builder.product(attend, block.qkv, { ...packed, rows, columns: width }, toWide, asked, 'queries');
    } else builder.product(attend, block.qkv, { ...packed, rows }, toWide, asked);
    if (walk.rotary) {
      const plan = rotaryPlan({ heads, head, storage, genes }, shape);
      const buffers = { [ROTARY_BINDINGS.values]: wide, [ROTARY_BINDINGS.turns]: FORWARD_BUFFERS.turns };
      builder.add(attend, 'rotary', { shader: plan.shader, buffers }, (counts) => plan.groups(counted(counts)));
    }
    const plan = attentionPlan({ heads, head, storage, half, listed: last, genes }, shape);
    if (last) listedShares = plan.shares;
    builder.add(
      attend,
      'attention',
      {
        shader: plan.shader,
        buffers: {
          [ATTENTION_BINDINGS.qkv]: wide,
          [ATTENTION_BINDINGS.work]: FORWARD_BUFFERS.work,
          [ATTENTION_BINDINGS.output]: normed,
        },
      },
      ({ active, shares }) => plan.groups(active, last ? shares : plan.shares(genes)),
    );
    back(attend, block.attentionOutput, normed, block.hiddenNorm.gate, rows);
    const perceptron = `block ${i}, perceptron`;
    norm(perceptron, 'norm', block.hiddenNorm, rows);
    builder.product(perceptron, block.hidden, { ...packed, rows, gelu: true }, toWide, asked);
    const next = last ? walk.outputNorm : walk.blocks[i + 1].attentionNorm;
    back(perceptron, block.hiddenOutput, wide, next.gate, rows);
  });
  norm('output', 'norm', walk.outputNorm, 'compact');
  builder.product(
    'output',
    walk.output,
    { x: 'f32', w: 'f32', y: 'f32', rows: 'compact' },
    { x: 'network.out', y: FORWARD_BUFFERS.logits },
    listed,
  );
  return { steps: builder.steps, kernels: builder.kernels, listedShares };
}
