/** The backward pass of a batch: every tensor's part of `gradient`, from the output to the embeddings and the conditioning. */
import type { BufferRange } from '../../../gpu/bound-kernel.ts';
import { filled } from '../../optimiser/tensor-table.ts';
import { attentionBackwardKernels, headSums } from '../../tensor/attention-kernels.ts';
import { type Bound, linearGradientKernel, linearKernel, partsOf } from '../../tensor/kernels.ts';
import { crossEntropyWeightsKernel } from '../../tensor/loss-kernels.ts';
import { normBackwardKernels } from '../../tensor/norm-kernels.ts';
import { siluKernel, tableGradientKernel } from '../../tensor/table-kernels.ts';
import type { StepKernel } from '../../training/training.ts';
import type { Block, Layer, NormStep } from '../walk.ts';
import { conditionOf, modulationOf, turned } from './forward.ts';
import type { Pass } from './pass.ts';

const slopeOf = (index: number) => `d${modulationOf(index)}`;

/** Behind `forwardPass` with statistics and `lossPass` with slopes, all activations kept. */
export function backwardPass(pass: Pass): void {
  const { walk, rows, spec } = pass;
  const { width } = spec;
  const { layers } = spec;
  pass.activations('dx', width);
  pass.activations('dh', width);
  for (const [i, { outputs }] of walk.modulations.entries()) pass.perCell(slopeOf(i), outputs);
  outputWeights(pass);
  const last = layers - 1;
  let dy = normBack(pass, 'features', 'out', walk.outputNorm, `hiddenBranch.${last}`, true);
  for (let l = last; l >= 0; l--) dy = blockBack(pass, walk.blocks[l], l, dy);
  for (const [name, entries, index] of [
    ['token_embed.weight', spec.bins + 1, 'tokens'],
    ['gene_embed.weight', spec.genes, undefined],
  ] as const)
    inParts(pass, name, index ? partsOf(pass.sizes, rows) : 1, entries * width, (parts, place) =>
      tableGradientKernel(pass.sizes, { rows, entries, width, genes: spec.genes }, { index, dy: 'dx', parts, place }),
    );
  conditioningBack(pass);
}

/** Slopes by a tensor (and what follows it) of so many numbers, in parts that are summed, or at once. @param unit numbers that places are counted in */
function inParts(
  pass: Pass,
  name: string,
  splits: number,
  numbers: number,
  kernel: (parts: Bound, place: BufferRange) => StepKernel,
  unit = 4,
): void {
  pass.inParts(name, pass.tensor(name).at, splits, numbers, [kernel], unit);
}

/** Slopes by weight and bias of a layer. */
function layerWeights(pass: Pass, layer: Layer, rows: number, x: string, dy: string, packed = false): void {
  const { name, inputs, outputs, biased } = layer;
  const numbers = (inputs + (biased ? 1 : 0)) * outputs;
  inParts(pass, `${name}.weight`, partsOf(pass.sizes, rows), numbers, (parts, place) =>
    linearGradientKernel(
      pass.sizes,
      { rows, inputs, outputs },
      { x, dy, parts, place },
      { narrow: pass.narrow, packed, biased },
    ),
  );
}

/** Slopes by the inputs of a layer. @param before GELU was applied to it behind that layer's inputs */
function layerInputs(
  pass: Pass,
  { name, inputs, outputs }: Layer,
  rows: number,
  dy: string,
  dx: string,
  { before, exact = false, accumulate = false }: { before?: string; exact?: boolean; accumulate?: boolean } = {},
): void {
  pass.run(
    `back.${name}`,
    linearKernel(
      pass.sizes,
      { rows, inputs: outputs, outputs: inputs },
      { x: dy, w: pass.transposed(`${name}.weight`), y: dx, before },
      {
        narrow: pass.narrow,
        packed: { w: !exact, before: !exact },
        after: before === undefined ? undefined : 'gelu_slope',
        accumulate,
      },
    ),
  );
}

function outputWeights(pass: Pass): void {
  const { walk, sizes, rows, spec, outputStride: stride } = pass;
  const { name, biased } = walk.output;
  const numbers = (spec.width + (biased ? 1 : 0)) * stride;
  const kernel = (parts: Bound, place: BufferRange) =>
    crossEntropyWeightsKernel(
      sizes,
      { rows, width: spec.width, outputs: walk.outputs, stride },
      {
        features: 'features.h.out',
        transposed: pass.transposed(`${name}.weight`),
        bias: pass.bias(walk.output),
        asked: 'asked',
        logSums: 'outputLogSums',
        parts,
        place,
      },
    );
  inParts(pass, `${name}.weight`, partsOf(sizes, rows), filled(numbers), kernel, 1);
}

/** From `dh` on into `dx` and the modulations; the name of the slopes by the branch that was added before. */
function normBack(
  pass: Pass,
  key: string,
  name: string,
  step: NormStep,
  branch: string | undefined,
  last: boolean,
): string {
  const { sizes, shape, spec } = pass;
  const { modulation, gate } = step;
  const gated = branch !== undefined && gate !== undefined;
  const dy = gated ? pass.activations('dy', spec.width) : 'dx';
  const kernels = normBackwardKernels(
    sizes,
    shape,
    pass.normPlaces(step),
    {
      dh: 'dh',
      x: branch === undefined ? 'embedded' : `${key}.x.${name}`,
      statistics: `${key}.statistics.${name}`,
      modulations: modulationOf(modulation),
      dmodulations: slopeOf(modulation),
      dx: 'dx',
      branch: gated
        ? {
            y: branch,
            gates: modulationOf(gate.modulation),
            dy,
            dgates: gate.modulation === modulation ? undefined : slopeOf(gate.modulation),
          }
        : undefined,
    },
    last,
  );
  pass.run(`back.${key}.${name}.norm`, ...kernels);
  return dy;
}

/** From the slopes by the last branch of a block to those by the branch before it. */
function blockBack(pass: Pass, block: Block, l: number, dy: string): string {
  const { rows, sizes, shape, narrow, walk, spec } = pass;
  const { width } = spec;
  const hidden = pass.activations('dhidden', 4 * width);
  layerWeights(pass, block.hiddenOutput, rows, `activated.${l}`, dy, true);
  layerInputs(pass, block.hiddenOutput, rows, dy, hidden, { before: `before.${l}` });
  layerWeights(pass, block.hidden, rows, `hidden.h.${l}`, hidden);
  layerInputs(pass, block.hidden, rows, hidden, 'dh');
  const dattended = normBack(pass, 'hidden', `${l}`, block.hiddenNorm, `attentionBranch.${l}`, false);
  layerWeights(pass, block.attentionOutput, rows, `attended.${l}`, dattended);
  const doutput = pass.activations('dattended', width);
  layerInputs(pass, block.attentionOutput, rows, dattended, doutput);
  const dqkv = pass.activations('dqkv', 3 * width);
  const along = pass.buffer('along', headSums(shape), 'batch × heads × genes, filled to 4');
  pass.run(
    `back.attention.${l}`,
    ...attentionBackwardKernels(
      sizes,
      shape,
      { qkv: `qkv.${l}`, output: `attended.${l}`, doutput, logSums: `logSums.${l}`, along, dqkv },
      narrow,
    ),
  );
  if (walk.rotary) turned(pass, `back.rotary.${l}`, dqkv, false, -1);
  layerWeights(pass, block.qkv, rows, `attention.h.${l}`, dqkv);
  layerInputs(pass, block.qkv, rows, dqkv, 'dh');
  return normBack(pass, 'attention', `${l}`, block.attentionNorm, l > 0 ? `hiddenBranch.${l - 1}` : undefined, false);
}

/** Modulations, and behind them the perceptrons and tables of the conditions. */
function conditioningBack(pass: Pass): void {
  const { walk, sizes, shape, spec } = pass;
  const { cells } = shape;
  const { width } = spec;
  const conditional = walk.conditions.length > 0;
  if (conditional) pass.perCell('dcondition', width);
  for (const [i, layer] of walk.modulations.entries()) {
    layerWeights(pass, layer, cells, conditionOf(pass), slopeOf(i));
    if (conditional) layerInputs(pass, layer, cells, slopeOf(i), 'dcondition', { exact: true, accumulate: i > 0 });
  }
  if (!conditional) return;
  if (walk.conditionActivated)
    pass.run('back.condition.silu', siluKernel(sizes, cells * width, { x: 'condition', y: 'dcondition' }, true));
  for (const { kind, embedding, rows: entries, first, second } of walk.conditions) {
    const hidden = pass.perCell('dconditionHidden', first.outputs);
    layerWeights(pass, second, cells, `${kind}.activated`, 'dcondition');
    layerInputs(pass, second, cells, 'dcondition', hidden, { before: `${kind}.before`, exact: true });
    layerWeights(pass, first, cells, `${kind}.input`, hidden);
    if (!embedding) continue;
    const input = pass.perCell('dconditionInput', width);
    layerInputs(pass, first, cells, hidden, input, { exact: true });
    inParts(pass, embedding, partsOf(sizes, cells), entries * width, (parts, place) =>
      tableGradientKernel(sizes, { rows: cells, entries, width, genes: 1 }, { index: kind, dy: input, parts, place }),
    );
  }
}
