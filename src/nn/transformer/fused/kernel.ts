/** The fused decoder's kernel: conditions and constants of `fused.wgsl`. */
import type { ShaderSpec } from '../../../gpu/shaders.ts';
import type { DecoderOptions } from '../batch.ts';
import { samplingConstants } from '../sampling/sampling.ts';
import { packingOf, weightLayout } from './layout.ts';
import { type FusedShape, samplingSizes } from './shape.ts';
import { captureLayout, stateLayout } from './state-layout.ts';
import { TEXT_WORDS, textsLayout } from './texts.ts';

/** Ids at most that end a text. */
export const MOST_ENDS = 16;
/** Windows at most: bits of a word. */
export const MOST_WINDOWS = 32;

const words = (values: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, `${value}u`]));

/** As a literal of f32 in WGSL. */
const real = (value: number) => `f32(${value})`;

export function fusedShader(options: DecoderOptions, shape: FusedShape): ShaderSpec {
  const { own } = shape;
  const common = { conditions: conditionsOf(options), constants: constantsOf(options, shape) };
  const { numbers, head } = packingOf(options.storage, options.spec.head, shape);
  if (own)
    return {
      module: 'nn/transformer/fused_lanes',
      conditions: { ...common.conditions, lanes: true, quads: own.quads },
      constants: { ...common.constants, ...ownConstants(options, shape, own) },
      unroll: { r: own.rows, c: own.block4, h: head / 4, k: 4 },
      ...(own.quads ? { enable: ['subgroups'] } : {}),
    };
  const quads = numbers / 4;
  return {
    module: 'nn/transformer/fused',
    conditions: common.conditions,
    constants: {
      ...common.constants,
      ...words({
        FUSED_THREADS: shape.threads,
        OUTPUTS: shape.outputs,
        QUADS: quads,
        LOAD_NUMBERS: numbers,
      }),
      ...words({ NORM_LANES: shape.sharing, KEY_LANES: shape.sharing, KEYS: shape.keys }),
    },
    unroll: { r: shape.outputs, q: quads, h: head },
  };
}

function conditionsOf({ spec, storage, capture, steering, scored }: DecoderOptions): Record<string, boolean> {
  const { norm, mlp, rotary, biases } = spec;
  const { components } = capture;
  return {
    [storage]: true,
    layer_norm: norm.kind === 'layer',
    post_norm: norm.post,
    rotary: rotary !== undefined,
    score_cap: spec.scoreCap !== undefined,
    logit_cap: spec.logitCap !== undefined,
    window_all: spec.window?.layers === 'all',
    window_even: spec.window?.layers === 'even',
    gated: mlp.gated,
    gelu: mlp.activation === 'gelu',
    qkv_bias: biases !== 'none',
    all_biases: biases === 'all',
    steered: steering !== undefined,
    steered_response: steering === 'response',
    scored,
    summed: capture.windows > 0 && components.length > 0,
    kept: capture.kept && components.length > 0,
    capture_residual: components.includes('residual'),
    capture_attention: components.includes('attn_contribution'),
    capture_mlp: components.includes('mlp_contribution'),
    capture_k: components.includes('k_proj'),
    capture_v: components.includes('v_proj'),
  };
}

/** Offsets and sizes; where threads have texts of their own, of what is loaded by fours in fours. */
function constantsOf(options: DecoderOptions, shape: FusedShape): Record<string, string> {
  const { spec, storage, slots, context, capture, scored } = options;
  const { layers, width, heads, kvHeads, head, hidden, vocabulary, positions, norm } = spec;
  const { parts, size } = stateLayout(spec, storage, shape);
  const captured = captureLayout(options);
  const layout = weightLayout(spec, options, shape);
  const { matrices, block, blocksAt, vectors, blockVectors, blockVectorsAt } = layout;
  const unit = shape.own ? 4 : 1;
  const inBlock = (name: keyof typeof block) => blocksAt + (block[name]?.at ?? 0);
  const scales = (name: keyof typeof block) => (blockVectorsAt + (block[name]?.scales ?? 0)) / unit;
  const ofBlock = (name: string) => (blockVectorsAt + blockVectors[name]) / unit;
  const unembedding = matrices.unembedding ?? matrices.embedding;
  return {
    ...samplingConstants(vocabulary, samplingSizes(shape)),
    ...words({
      SLOTS: slots,
      CONTEXT: context,
      TEXT: textsLayout(options).text,
      TEXT_WINDOWS: TEXT_WORDS,
      WINDOWS: capture.windows,
      ROW: captured.row,
      LAYERS: layers,
      WIDTH: width,
      HEADS: heads,
      KV_HEADS: kvHeads,
      HEAD: head,
      HIDDEN: hidden,
      POSITIONS: positions,
      WINDOW: spec.window?.size ?? 0,
      STATE: size,
      STREAM: parts.stream / unit,
      NORMED: parts.normed / unit,
      QKV: parts.qkv / unit,
      ATTENDED: parts.attended / unit,
      ADDED: parts.added / unit,
      INNER: parts.inner / unit,
      SCORES: parts.scores,
      NORM_SUMS: parts.normSums,
      MAXIMA: parts.maxima,
      WEIGHTS: parts.weights,
      RUNNING: parts.running,
      LOGITS_AT: parts.logits / unit,
      WIDTH_STEPS: matrices.embedding?.steps ?? 0,
      ATTENDED_STEPS: block.o?.steps ?? 0,
      HIDDEN_STEPS: block.down?.steps ?? 0,
      BLOCK_MATRICES: layout.blockLoads,
      BLOCK_VECTORS: layout.blockNumbers / unit,
      EMBEDDING_AT: matrices.embedding?.at ?? 0,
      EMBEDDING_SCALES: (matrices.embedding?.scales ?? 0) / unit,
      POSITIONS_AT: matrices.positions?.at ?? 0,
      POSITIONS_SCALES: (matrices.positions?.scales ?? 0) / unit,
      UNEMBEDDING_AT: unembedding?.at ?? 0,
      UNEMBEDDING_SCALES: (unembedding?.scales ?? 0) / unit,
      QKV_AT: inBlock('qkv'),
      O_AT: inBlock('o'),
      GATE_AT: inBlock('gate'),
      UP_AT: inBlock('up'),
      DOWN_AT: inBlock('down'),
      QKV_SCALES: scales('qkv'),
      O_SCALES: scales('o'),
      GATE_SCALES: scales('gate'),
      UP_SCALES: scales('up'),
      DOWN_SCALES: scales('down'),
      QKV_BIAS: ofBlock('qkv.bias'),
      O_BIAS: ofBlock('o.bias'),
      UP_BIAS: ofBlock('up.bias'),
      DOWN_BIAS: ofBlock('down.bias'),
      NORM1: ofBlock('norm1.weight'),
      NORM1_BIAS: ofBlock('norm1.bias'),
      NORM2: ofBlock('norm2.weight'),
      NORM2_BIAS: ofBlock('norm2.bias'),
      POST1: ofBlock('post1.weight'),
      POST2: ofBlock('post2.weight'),
      NORM_F: vectors['normF.weight'] / unit,
      NORM_F_BIAS: vectors['normF.bias'] / unit,
      TURNS: vectors.turns / unit,
      STEERING: vectors.steering / unit,
      CAPTURED_RESIDUAL: captured.at('residual') ?? 0,
      CAPTURED_ATTENTION: captured.at('attn_contribution') ?? 0,
      CAPTURED_MLP: captured.at('mlp_contribution') ?? 0,
      CAPTURED_K: captured.at('k_proj') ?? 0,
      CAPTURED_V: captured.at('v_proj') ?? 0,
      SCORED: scored ? 1 : 0,
    }),
    EPSILON: real(norm.epsilon),
    SCALE: real(spec.scale),
    SCORE_CAP: real(spec.scoreCap ?? 1),
    LOGIT_CAP: real(spec.logitCap ?? 1),
    EMBEDDING_SCALE: real(spec.embeddingScale),
  };
}

function ownConstants(
  { spec, storage, context, steering }: DecoderOptions,
  shape: FusedShape,
  { rows, block4 }: NonNullable<FusedShape['own']>,
) {
  const { matrices, block } = weightLayout(spec, { storage, context, steering }, shape);
  const { head } = packingOf(storage, spec.head, shape);
  return words({
    LANES: shape.threads,
    ROWS: rows,
    BLOCK4: block4,
    STATE4: stateLayout(spec, storage, shape).size / 4,
    WIDTH4: Math.ceil(spec.width / 4),
    HEAD4: head / 4,
    VOCABULARY4: matrices.embedding?.stride ?? 0,
    POSITIONS4: matrices.positions?.stride ?? 0,
    QKV4: block.qkv?.stride ?? 0,
    OUT4: block.o?.stride ?? 0,
    HIDDEN4: block.up?.stride ?? 0,
    WIDTH_IN4: block.qkv?.steps ?? 0,
    ATTENDED_IN4: block.o?.steps ?? 0,
    HIDDEN_IN4: block.down?.steps ?? 0,
  });
}
