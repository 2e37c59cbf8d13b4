/** The kernels of a step in their order: a few dispatches a block over all rows of the step, whatever their number. */
import type { BatchSizes } from '../../../batch/sizes.ts';
import type { KernelBinding } from '../../../gpu/bound-kernel.ts';
import type { ShaderSpec } from '../../../gpu/shaders.ts';
import { capturedParts } from '../capture.ts';
import { samplingRowsShader } from '../sampling/rows-kernel.ts';
import { windowOf } from '../spec.ts';
import { commonConstants, real, samplingSizes, words } from './constants.ts';
import { decoderSizes, finalPlaces, type Matrix, type MatrixPart, vectorPlaces } from './layout.ts';
import type { LayeredSetup } from './setup.ts';

/** What a list has: a step's dispatches follow from it. */
export interface StepCounts {
  readonly rows: number;
  readonly wanted: number;
  readonly segments: number;
}

export interface StepKernel extends KernelBinding {
  readonly name: string;
  /** Workgroups; none where a step does without. */
  groups(counts: StepCounts): readonly [x: number, y: number];
}

/** Bindings that a kernel has: names of buffers, or false. */
type Bindings = Readonly<Record<number, string | false>>;

const bound = (bindings: Bindings): Record<number, string> =>
  Object.fromEntries(Object.entries(bindings).flatMap(([at, name]) => (name === false ? [] : [[at, name]])));

interface Ends {
  readonly conditions: Readonly<Record<string, boolean>>;
  readonly constants?: Readonly<Record<string, string>>;
  readonly buffers: Bindings;
}

export class StepKernels {
  readonly #setup: LayeredSetup;
  readonly #common: Record<string, string>;
  readonly #stored: Record<string, boolean>;
  /** First numbers of the components in a captured row. */
  readonly #at: Readonly<Record<string, number>>;

  constructor(setup: LayeredSetup) {
    this.#setup = setup;
    this.#common = commonConstants(setup);
    const { spec, storage, capture } = setup.options;
    this.#stored = {
      packed: storage === 'f16' || storage === 'bf16',
      bf16: storage === 'bf16',
      bytes: storage === 'int8',
    };
    const { parts } = capturedParts(spec, capture.components);
    this.#at = Object.fromEntries(parts.map(({ component, at }) => [component, at]));
  }

  /** Conditions by which weights are read. */
  get stored(): Readonly<Record<string, boolean>> {
    return this.#stored;
  }

  #captures(component: string): boolean {
    return this.#at[component] !== undefined;
  }

  /** All kernels of a step, in their order. */
  all(sizes: BatchSizes): StepKernel[] {
    const { layout } = this.#setup;
    return [
      ...this.#embed(),
      ...layout.blocks.flatMap((_, layer) => this.#block(layer)),
      ...this.#pool(),
      ...this.#logits(sizes),
    ];
  }

  #shader(module: string, { conditions, constants = {} }: Omit<Ends, 'buffers'>): ShaderSpec {
    const { shape } = this.#setup;
    return {
      module: `nn/transformer/${module}`,
      conditions: { ...this.#stored, ...conditions },
      constants: { ...this.#common, ...constants },
      unroll: { r: shape.rows, s: Math.ceil(shape.rows / 2), p: shape.pairs },
    };
  }

  #embed(): StepKernel[] {
    const { options, layout, plainThreads } = this.#setup;
    const { spec } = options;
    const { inner4 } = layout.embedding;
    const captured = this.#captures('residual');
    return layout.embedding.parts.map((part) => ({
      name: part.buffer,
      shader: this.#shader('embed', {
        conditions: { learned: !spec.rotary, captured },
        constants: {
          ...words({ INNER: spec.width, INNER4: inner4, FIRST_BLOCK: part.first, BLOCKS: part.blocks }),
          SCALE: real(Math.fround(spec.embeddingScale)),
          ...(captured ? words({ RESIDUAL_AT: this.#at.residual }) : {}),
        },
      }),
      buffers: bound({
        1: part.buffer,
        3: 'work',
        4: 'stream',
        5: captured && 'captured',
        6: 'ids',
        7: !spec.rotary && 'positions',
      }),
      groups: ({ rows }) => [Math.ceil((rows * inner4) / plainThreads), 1],
    }));
  }

  /** A product for every part of its matrix. */
  #product(
    name: string,
    matrix: Matrix,
    inner: number,
    x: string,
    { conditions, constants, buffers }: Ends,
  ): StepKernel[] {
    const { shape } = this.#setup;
    return matrix.parts.map((part: MatrixPart) => ({
      name: matrix.parts.length > 1 ? `${name} ${part.first}` : name,
      shader: {
        ...this.#shader('product', {
          conditions: { ...conditions, quads: shape.quads },
          constants: {
            ...words({
              INNER: inner,
              INNER4: matrix.inner4,
              OUTS: matrix.outs,
              FIRST_BLOCK: part.first,
              BLOCKS: part.blocks,
              TILE4: Math.min(shape.inner4, matrix.inner4),
            }),
            ...constants,
          },
        }),
        enable: shape.quads ? ['subgroups'] : [],
      },
      buffers: bound({ 0: x, 1: part.buffer, 3: 'work', ...buffers }),
      groups: ({ rows, wanted }) => {
        const own = conditions.wanted ? wanted : rows;
        return own === 0 ? [0, 0] : [Math.ceil(own / shape.rows), part.blocks];
      },
    }));
  }

  #norm(at: number, biasAt: number): Pick<Ends, 'conditions' | 'constants'> {
    return {
      conditions: { normed: true, layer_norm: this.#setup.options.spec.norm.kind === 'layer' },
      constants: words({ NORM4: at / 4, NORM_BIAS4: biasAt / 4 }),
    };
  }

  #block(layer: number): StepKernel[] {
    const { options, layout } = this.#setup;
    const { spec } = options;
    const { q4, hidden4 } = decoderSizes(spec);
    const { matrices, vectors } = layout.blocks[layer];
    const places = vectorPlaces(spec);
    const name = (part: string) => `block ${layer} ${part}`;
    const all = spec.biases === 'all';
    const keys = this.#captures('k_proj');
    const values = this.#captures('v_proj');
    const rotary = spec.rotary !== undefined;
    const norm1 = this.#norm(places.norm1, places.norm1Bias);
    const norm2 = this.#norm(places.norm2, places.norm2Bias);
    return [
      ...this.#product(name('qkv'), matrices.qkv, spec.width, 'stream', {
        conditions: {
          ...norm1.conditions,
          qkv: true,
          turned: rotary,
          biased: spec.biases !== 'none',
          captured: keys || values,
          keys_captured: keys,
          values_captured: values,
        },
        constants: {
          ...norm1.constants,
          ...words({ BIAS: places.qkvBias, K_AT: this.#at.k_proj ?? 0, V_AT: this.#at.v_proj ?? 0 }),
        },
        buffers: {
          2: vectors,
          4: 'q',
          7: `kv.${layer}`,
          5: (keys || values) && 'captured',
          6: rotary && 'turns',
        },
      }),
      this.#attention(layer),
      ...this.#back(layer, 'o', 4 * q4, 'attended', all ? places.oBias : undefined),
      ...this.#product(name('up'), matrices.up, spec.width, 'stream', {
        conditions: {
          ...norm2.conditions,
          hidden: true,
          gated: spec.mlp.gated,
          silu: spec.mlp.activation === 'silu',
          biased: all,
        },
        constants: { ...norm2.constants, ...words({ BIAS: places.upBias }) },
        buffers: { 2: vectors, 4: 'hidden' },
      }),
      ...this.#back(layer, 'down', 4 * hidden4, 'hidden', all ? places.downBias : undefined),
    ];
  }

  #attention(layer: number): StepKernel {
    const { options, shape } = this.#setup;
    const { spec } = options;
    const { head4 } = decoderSizes(spec);
    const window = windowOf(spec, layer);
    const { attentionThreads, keys } = shape;
    return {
      name: `block ${layer} attention`,
      shader: {
        module: 'nn/transformer/attention',
        conditions: { capped: spec.scoreCap !== undefined, windowed: window !== undefined },
        constants: {
          ...this.#common,
          // The list alone is read of what products read.
          ...words({ INNER4: 1, FIRST_BLOCK: 0, BLOCKS: 1 }),
          SCORE_SCALE: real(Math.fround(spec.scale)),
          CAP: real(spec.scoreCap ?? 1),
          ...words({
            WINDOW: window ?? 1,
            KEYS: keys,
            PARTS: Math.max(1, Math.floor(attentionThreads / head4)),
            ATTENTION_THREADS: attentionThreads,
          }),
        },
        unroll: { u: Math.ceil(head4 / attentionThreads) },
      },
      buffers: { 0: 'q', 1: `kv.${layer}`, 2: 'attended', 3: 'work' },
      groups: ({ rows }) => [spec.heads, rows],
    };
  }

  /** What attention or MLP gives goes back into the stream: through a norm of its own where the model has one. */
  #back(layer: number, part: 'o' | 'down', inner: number, x: string, bias: number | undefined): StepKernel[] {
    const { options, layout } = this.#setup;
    const { spec, steering } = options;
    const { matrices, vectors } = layout.blocks[layer];
    const places = vectorPlaces(spec);
    const down = part === 'down';
    const component = down ? 'mlp_contribution' : 'attn_contribution';
    const captures = { part: this.#captures(component), residual: down && this.#captures('residual') };
    const captured = captures.part || captures.residual;
    const steered = down && steering !== undefined;
    const conditions = {
      captured,
      part_captured: captures.part,
      residual_captured: captures.residual,
      steered,
      steered_response: steering === 'response',
    };
    const constants = words({ PART_AT: this.#at[component] ?? 0, RESIDUAL_AT: this.#at.residual ?? 0 });
    const buffers: Bindings = { 4: 'stream', 5: captured && 'captured', 6: steered && 'steering' };
    // The number of the block is needed where it is captured or steered.
    const numbered = captured || steered;
    const name = `block ${layer} ${part}`;
    const biased = bias !== undefined;
    const biasAt = words({ BIAS: bias ?? 0 });
    if (!spec.norm.post)
      return this.#product(name, matrices[part], inner, x, {
        conditions: { ...conditions, residual: true, biased },
        constants: { ...constants, ...biasAt },
        buffers: { ...buffers, 2: (numbered || biased) && vectors },
      });
    return [
      ...this.#product(name, matrices[part], inner, x, {
        conditions: { apart: true, biased },
        constants: biasAt,
        buffers: { 2: biased && vectors, 4: 'apart' },
      }),
      {
        name: `${name}, norm behind it`,
        shader: this.#shader('post_norm', {
          conditions,
          constants: {
            ...constants,
            ...words({ NORM4: places[down ? 'post2' : 'post1'] / 4, INNER4: 1, FIRST_BLOCK: 0, BLOCKS: 1 }),
          },
        }),
        buffers: bound({ 0: 'apart', 2: vectors, 3: 'work', ...buffers }),
        groups: ({ rows }) => [rows, 1],
      },
    ];
  }

  #pool(): StepKernel[] {
    const { options, captured, sums, kept, plainThreads } = this.#setup;
    const across = Math.ceil(captured / plainThreads);
    const buffers = { 0: 'captured', 1: 'work', 2: 'totals' };
    return [
      ...sums.map(
        ({ buffer, first, count }): StepKernel => ({
          name: buffer,
          shader: this.#shader('pool', {
            conditions: {},
            constants: words({ WINDOWS: options.capture.windows, FIRST_WINDOW: first, SOME_WINDOWS: count }),
          }),
          buffers: { ...buffers, 3: 'windows', 4: buffer },
          groups: ({ segments }) => [across, segments],
        }),
      ),
      ...kept.map(
        ({ buffer, first, count }): StepKernel => ({
          name: buffer,
          shader: this.#shader('keep_rows', {
            conditions: {},
            constants: words({ FIRST_TEXT: first, SOME_TEXTS: count }),
          }),
          buffers: { ...buffers, 4: buffer },
          groups: ({ rows }) => [across, rows],
        }),
      ),
    ];
  }

  #logits(sizes: BatchSizes): StepKernel[] {
    const { options, layout, shape, plainThreads } = this.#setup;
    const { spec, scored } = options;
    const places = finalPlaces(spec);
    const norm = this.#norm(places.norm, places.bias);
    const capped = spec.logitCap !== undefined;
    return [
      ...this.#product('logits', layout.unembedding, spec.width, 'stream', {
        conditions: { ...norm.conditions, wanted: true, logits: true, capped },
        constants: { ...norm.constants, CAP: real(spec.logitCap ?? 1) },
        buffers: { 2: 'normF', 4: 'logits' },
      }),
      {
        name: 'draw',
        shader: samplingRowsShader(spec.vocabulary, samplingSizes(spec.vocabulary, sizes, shape), {
          scored,
        }),
        buffers: { 0: 'logits', 1: 'asked', 2: 'sampling', 3: 'drawn' },
        groups: ({ wanted }) => [wanted, wanted > 0 ? 1 : 0],
      },
      {
        name: 'take',
        shader: this.#shader('take', { conditions: { scored } }),
        buffers: bound({ 0: 'work', 1: 'asked', 2: 'drawn', 3: 'totals', 4: 'ids', 5: scored && 'nll', 6: 'ends' }),
        groups: ({ wanted }) => [Math.ceil(wanted / plainThreads), wanted > 0 ? 1 : 0],
      },
    ];
  }
}
