/** The fused decoder's kernel: conditions and constants of `fused.wgsl`. */
import type { ShaderSpec } from '../../../gpu/shaders.ts';
import type { DecoderOptions } from '../batch.ts';
import { samplingConstants } from '../sampling/sampling.ts';
import { captureLayout, ROUND_LOADS, stateLayout, weightLayout } from './layout.ts';
import { type FusedShape, samplingSizes } from './shape.ts';
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
  const { spec, storage, slots, context, capture, steering, scored } = options;
  const { layers, width, heads, kvHeads, head, hidden, vocabulary, positions, norm, mlp, rotary, biases } = spec;
  const weights = weightLayout(spec, options, shape);
  const { parts, size } = stateLayout(spec, storage, shape);
  const captured = captureLayout(options);
  const texts = textsLayout(options);
  const { matrices, block, blocksAt, vectors, blockVectors, blockVectorsAt, packing } = weights;
  const inBlock = (name: keyof typeof block) => blocksAt + (block[name]?.at ?? 0);
  const scales = (name: keyof typeof block) => blockVectorsAt + (block[name]?.scales ?? 0);
  const ofBlock = (name: string) => blockVectorsAt + blockVectors[name];
  const unembedding = matrices.unembedding ?? matrices.embedding;
  const { components } = capture;
  const quads = shape.wide ? packing.numbers / 4 : 1;
  return {
    module: 'nn/transformer/fused',
    conditions: {
      wide: shape.wide,
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
    },
    constants: {
      ...samplingConstants(vocabulary, samplingSizes(shape)),
      ...words({
        FUSED_THREADS: shape.threads,
        OUTPUTS: shape.outputs,
        QUADS: quads,
        LOAD_NUMBERS: packing.numbers,
        ROUND_NUMBERS: packing.round,
        NORM_LANES: shape.sharing,
        KEY_LANES: shape.sharing,
        KEYS: shape.keys,
        SLOTS: slots,
        CONTEXT: context,
        TEXT: texts.text,
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
        STREAM: parts.stream,
        NORMED: parts.normed,
        QKV: parts.qkv,
        ATTENDED: parts.attended,
        ADDED: parts.added,
        INNER: parts.inner,
        SCORES: parts.scores,
        NORM_SUMS: parts.normSums,
        MAXIMA: parts.maxima,
        WEIGHTS: parts.weights,
        RUNNING: parts.running,
        WIDTH_STEPS: matrices.embedding?.steps ?? 0,
        ATTENDED_STEPS: block.o?.steps ?? 0,
        HIDDEN_STEPS: block.down?.steps ?? 0,
        BLOCK_MATRICES: weights.blockLoads,
        BLOCK_VECTORS: weights.blockNumbers,
        EMBEDDING_AT: matrices.embedding?.at ?? 0,
        EMBEDDING_SCALES: matrices.embedding?.scales ?? 0,
        POSITIONS_AT: matrices.positions?.at ?? 0,
        POSITIONS_SCALES: matrices.positions?.scales ?? 0,
        UNEMBEDDING_AT: unembedding?.at ?? 0,
        UNEMBEDDING_SCALES: unembedding?.scales ?? 0,
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
        NORM_F: vectors['normF.weight'],
        NORM_F_BIAS: vectors['normF.bias'],
        TURNS: vectors.turns,
        STEERING: vectors.steering,
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
    },
    unroll: { r: shape.outputs, q: quads, u: ROUND_LOADS, h: head },
  };
}
