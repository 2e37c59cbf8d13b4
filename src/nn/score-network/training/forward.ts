/** The forward pass of a batch, and its loss. */

import { attentionKernel, headSums, rotaryKernel, rotaryTurns } from '../../tensor/attention-kernels.ts';
import { linearKernel } from '../../tensor/kernels.ts';
import { crossEntropyKernel } from '../../tensor/loss-kernels.ts';
import { normKernel } from '../../tensor/norm-kernels.ts';
import { runSumsKernel, siluKernel, tableRowsKernel, timeFeaturesKernel } from '../../tensor/table-kernels.ts';
import { LONGEST_PERIOD } from '../spec.ts';
import type { Layer, NormStep } from '../walk.ts';
import type { Pass } from './pass.ts';

/** Names of the buffers that a batch comes in: `tokens` and `asked` of every row, the others of every cell, where the network has use for them. */
export const BATCH_BUFFERS = ['tokens', 'asked', 'sigma', 'perturbation', 'cellType'] as const;

/** Where the modulations of a layer go. */
export const modulationOf = (index: number) => `modulation.${index}`;

/** Plans the buffers of a batch. */
export function batchBuffers(pass: Pass): void {
  const { rows, spec, walk } = pass;
  pass.buffer('tokens', rows, `batch × ${spec.genes} genes`);
  pass.buffer('asked', 2 * rows, `batch × ${spec.genes} genes × 2 (target, weight)`);
  for (const { kind } of walk.conditions) pass.perCell(kind === 'time' ? 'sigma' : kind, 1);
}

/** Everything up to `features.h`, what the output projects. @param statistics norms keep them for the backward pass */
export function forwardPass(pass: Pass, statistics: boolean): void {
  const { walk, sizes, shape, rows, narrow, spec } = pass;
  const { width } = spec;
  conditioning(pass);
  const packed = { w: true };
  const stats = (name: string) => (statistics ? pass.activations(name, 2) : undefined);
  const x0 = pass.activations('embedded', width);
  pass.run(
    'embed',
    tableRowsKernel(
      sizes,
      { rows, width, genes: spec.genes },
      { table: pass.plain('token_embed.weight'), index: 'tokens', y: x0, places: pass.plain('gene_embed.weight') },
      narrow,
      true,
    ),
  );
  let x = x0;
  let branch: string | undefined;
  const norm = (name: string, key: string, step: NormStep): string => {
    const h = pass.activations(pass.own(`${key}.h`, name), width);
    const joint = branch && pass.activations(pass.own(`${key}.x`, name), width);
    const kernel = normKernel(sizes, shape, pass.normPlaces(step), {
      x,
      y: branch,
      joint,
      gates: step.gate && modulationOf(step.gate.modulation),
      modulations: modulationOf(step.modulation),
      h,
      statistics: stats(pass.own(`${key}.statistics`, name)),
    });
    pass.run(`${key}.${name}.norm`, kernel);
    x = joint ?? x;
    return h;
  };
  const linear = (layer: Layer, x: string, y: string, more: { gelu?: string; x?: boolean; y?: boolean } = {}) =>
    pass.run(
      layer.name,
      linearKernel(
        sizes,
        { rows, inputs: layer.inputs, outputs: layer.outputs },
        { x, w: pass.plain(`${layer.name}.weight`), bias: pass.bias(layer), y, before: more.gelu },
        {
          narrow,
          packed: { ...packed, x: more.x, y: more.y, before: true },
          after: more.gelu === undefined ? undefined : 'gelu',
        },
      ),
    );
  for (const [l, block] of walk.blocks.entries()) {
    const attentive = norm(`${l}`, 'attention', block.attentionNorm);
    const qkv = pass.activations(pass.own('qkv', l), 3 * width, true);
    linear(block.qkv, attentive, qkv, { y: true });
    if (walk.rotary) turned(pass, `rotary.${l}`, qkv, true, 1);
    const output = pass.activations(pass.own('attended', l), width);
    const logSums = pass.buffer(pass.own('logSums', l), headSums(shape), 'batch × heads × genes, filled to 4');
    pass.run(`attention.${l}`, attentionKernel(sizes, shape, { qkv, output, logSums }, narrow));
    const projected = pass.activations(pass.own('attentionBranch', l), width);
    linear(block.attentionOutput, output, projected);
    branch = projected;
    const normed = norm(`${l}`, 'hidden', block.hiddenNorm);
    const before = pass.activations(pass.own('before', l), 4 * width, true);
    const hidden = pass.activations(pass.own('activated', l), 4 * width, true);
    linear(block.hidden, normed, hidden, { gelu: before, y: true });
    const down = pass.activations(pass.own('hiddenBranch', l), width);
    linear(block.hiddenOutput, hidden, down, { x: true });
    branch = down;
  }
  norm('out', 'features', walk.outputNorm);
}

/** Turns q and k of `values` in place; backward, their slopes. */
export function turned(pass: Pass, name: string, values: string, packed: boolean, sign: 1 | -1): void {
  const { genes, width, heads } = pass.spec;
  pass.contents.turns ??= rotaryTurns(genes, width / heads, LONGEST_PERIOD);
  const turns = pass.buffer('turns', (genes * width) / heads, `${genes} genes × ${width / heads}`);
  pass.run(name, rotaryKernel(pass.sizes, pass.shape, { values, turns }, pass.narrow, { packed, sign }));
}

/** What modulations see of c: SiLU of it, or itself. */
export const conditionOf = ({ walk }: Pass) => (walk.conditionActivated ? 'conditionActivated' : 'condition');

/** The conditioning vector of every cell and all modulations; in f32. */
function conditioning(pass: Pass): void {
  const { walk, sizes, shape, narrow, spec } = pass;
  const { cells } = shape;
  const { width } = spec;
  const plain = { ...narrow, half: false };
  const c = pass.perCell('condition', width);
  for (const [i, { kind, embedding, first, second }] of walk.conditions.entries()) {
    const input = pass.perCell(`${kind}.input`, first.inputs);
    if (embedding) {
      const shapeOf = { rows: cells, width, genes: 1 };
      pass.run(
        `${kind}.rows`,
        tableRowsKernel(sizes, shapeOf, { table: pass.plain(embedding), index: kind, y: input }, plain, false),
      );
    } else {
      const features = spec.timeFeatures;
      pass.contents.frequencies = Float32Array.from(
        { length: features / 2 },
        (_, j) => LONGEST_PERIOD ** ((-2 * j) / features) / Math.PI,
      );
      const frequencies = pass.buffer('frequencies', features / 2, `${features / 2} frequencies`);
      pass.run(
        'time.features',
        timeFeaturesKernel(sizes, { cells, features }, { sigma: 'sigma', frequencies, y: input }),
      );
    }
    const before = pass.perCell(`${kind}.before`, first.outputs);
    const hidden = pass.perCell(`${kind}.activated`, first.outputs);
    pass.run(
      `${kind}.first`,
      linearKernel(
        sizes,
        { rows: cells, inputs: first.inputs, outputs: first.outputs },
        { x: input, w: pass.plain(`${first.name}.weight`), bias: pass.bias(first), y: hidden, before },
        { narrow: plain, after: 'gelu' },
      ),
    );
    pass.run(
      `${kind}.second`,
      linearKernel(
        sizes,
        { rows: cells, inputs: second.inputs, outputs: second.outputs },
        { x: hidden, w: pass.plain(`${second.name}.weight`), bias: pass.bias(second), y: c },
        { narrow: plain, accumulate: i > 0 },
      ),
    );
  }
  if (walk.conditionActivated) {
    const activated = pass.perCell('conditionActivated', width);
    pass.run('condition.silu', siluKernel(sizes, cells * width, { x: c, y: activated }, false));
  }
  for (const [i, layer] of walk.modulations.entries()) {
    const y = pass.perCell(modulationOf(i), layer.outputs);
    pass.run(
      layer.name,
      linearKernel(
        sizes,
        { rows: cells, inputs: width, outputs: layer.outputs },
        { x: conditionOf(pass), w: pass.plain(`${layer.name}.weight`), bias: pass.bias(layer), y },
        { narrow: plain },
      ),
    );
  }
}

/** The loss of every row in `rowLosses` and of every cell in `losses`; slopes in `dh`, or the likeliest bins in `best`. */
export function lossPass(pass: Pass, wanted: 'slopes' | 'best'): void {
  const { walk, sizes, shape, rows, spec } = pass;
  const { width, bins, genes } = spec;
  const slopes = wanted === 'slopes';
  const x = pass.activations('rowLosses', 1);
  pass.run(
    'loss',
    crossEntropyKernel(
      sizes,
      { rows, width, outputs: walk.outputs, choices: bins },
      {
        features: pass.own('features.h', 'out'),
        transposed: pass.transposed(`${walk.output.name}.weight`),
        bias: pass.bias(walk.output),
        asked: 'asked',
        losses: x,
        dfeatures: slopes ? pass.activations('dh', width) : undefined,
        logSums: slopes ? pass.activations('outputLogSums', 1) : undefined,
        best: slopes ? undefined : pass.activations('best', 1),
      },
    ),
  );
  pass.run('loss.cells', runSumsKernel(sizes, { sums: shape.cells, run: genes }, { x, y: 'losses' }));
}
