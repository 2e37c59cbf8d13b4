/** Of a score network what its forward and backward pass go by, the same for both variants. */
import { EXPANSION, labelRows, NORM_EPSILON, outputsOf, type ScoreNetworkSpec } from './spec.ts';

/** A product with a weight [inputs][outputs] of the flat vector, and a bias of the same name where it has one. */
export interface Layer {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly biased: boolean;
}

/** A residual sum and the norm behind it: x ← x + gate · y, h = (unit + scale) · LN(x) + shift, all by the cell's modulations. */
export interface NormStep {
  /** Index of its layer in `modulations`, and where shift and scale begin in what that gives. */
  readonly modulation: number;
  readonly shift: number;
  readonly scale: number;
  readonly unit: 0 | 1;
  /** What multiplies y; without one it is added as it is. */
  readonly gate?: { readonly modulation: number; readonly at: number };
}

export interface Block {
  readonly attentionNorm: NormStep;
  readonly qkv: Layer;
  readonly attentionOutput: Layer;
  readonly hiddenNorm: NormStep;
  readonly hidden: Layer;
  readonly hiddenOutput: Layer;
}

/** A sum of the conditioning vector: features or a row of `embedding`, then two layers with GELU between them. */
export interface Condition {
  readonly kind: 'time' | 'perturbation' | 'cellType';
  /** Rows of the table: labels, and "none" where the variant has it; 0 for time. */
  readonly rows: number;
  readonly embedding?: string;
  readonly first: Layer;
  readonly second: Layer;
}

export interface NetworkWalk {
  /** Logits of a row: bins, in the origin's networks the mask too. */
  readonly outputs: number;
  readonly epsilon: number;
  readonly rotary: boolean;
  /** What modulations see of the conditioning vector c: SiLU(c), or c itself. */
  readonly conditionActivated: boolean;
  readonly conditions: readonly Condition[];
  readonly modulations: readonly Layer[];
  readonly blocks: readonly Block[];
  readonly outputNorm: NormStep;
  readonly output: Layer;
}

export function networkWalk(spec: ScoreNetworkSpec): NetworkWalk {
  const { variant, layers, width } = spec;
  const lockstep = variant === 'lockstep';
  const modulations: Layer[] = [];
  const modulation = (name: string, parts: number) => modulations.push(layer(name, width, parts * width)) - 1;
  const ada = (index: number, part: number): NormStep => ({
    modulation: index,
    shift: part * width,
    scale: (part + 1) * width,
    unit: 1,
  });
  const gammaBeta = (name: string): NormStep => ({ modulation: modulation(name, 2), scale: 0, shift: width, unit: 0 });
  const blocks: Block[] = [];
  let before: NormStep['gate'];
  for (let i = 0; i < layers; i++) {
    const name = `blocks.${i}`;
    const own = lockstep ? modulation(`${name}.ada`, 6) : 0;
    const attentionNorm = lockstep ? ada(own, 0) : gammaBeta(`${name}.attn_norm.gamma_beta`);
    const hiddenNorm = lockstep
      ? { ...ada(own, 3), gate: { modulation: own, at: 2 * width } }
      : gammaBeta(`${name}.ff_norm.gamma_beta`);
    blocks.push({
      attentionNorm: before ? { ...attentionNorm, gate: before } : attentionNorm,
      qkv: layer(`${name}.attn.qkv`, width, 3 * width, lockstep),
      attentionOutput: layer(`${name}.attn.out_proj`, width, width, lockstep),
      hiddenNorm,
      hidden: layer(`${name}.ff.net.0`, width, EXPANSION * width),
      hiddenOutput: layer(`${name}.ff.net.3`, EXPANSION * width, width),
    });
    before = lockstep ? { modulation: own, at: 5 * width } : undefined;
  }
  const out = lockstep ? ada(modulation('out_ada', 2), 0) : gammaBeta('out_norm.gamma_beta');
  const outputs = outputsOf(spec);
  return {
    outputs,
    epsilon: NORM_EPSILON[variant],
    rotary: !lockstep,
    conditionActivated: lockstep,
    conditions: conditionsOf(spec),
    modulations,
    blocks,
    outputNorm: before ? { ...out, gate: before } : out,
    output: layer('out_proj', width, outputs, lockstep),
  };
}

function layer(name: string, inputs: number, outputs: number, biased = true): Layer {
  return { name, inputs, outputs, biased };
}

function conditionsOf(spec: ScoreNetworkSpec): Condition[] {
  const { width, perturbations, cellTypes, timeFeatures } = spec;
  const found: Condition[] = [];
  const hidden = EXPANSION * width;
  if (timeFeatures > 0)
    found.push({
      kind: 'time',
      rows: 0,
      first: layer('time_embed.1', timeFeatures, hidden),
      second: layer('time_embed.3', hidden, width),
    });
  const label = (kind: Condition['kind'], name: string, count: number) => {
    if (count === 0) return;
    found.push({
      kind,
      rows: labelRows(spec, count),
      embedding: `${name}_embed.weight`,
      first: layer(`${name}_proj.0`, width, hidden),
      second: layer(`${name}_proj.2`, hidden, width),
    });
  };
  label('perturbation', 'pert', perturbations);
  label('cellType', 'cell_type', cellTypes);
  return found;
}
