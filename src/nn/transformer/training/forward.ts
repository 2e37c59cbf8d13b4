/** The forward pass of a batch of sequences, and its loss. */
import { attentionKernel, headSums, rotaryKernel, rotaryTurns } from '../../tensor/attention-kernels.ts';
import { logitLossKernel, rmsNormKernel, siluGateKernel } from '../../tensor/decoder-kernels.ts';
import { linearKernel } from '../../tensor/kernels.ts';
import { runSumsKernel, tableRowsKernel } from '../../tensor/table-kernels.ts';
import { type DecoderPass, NARROW } from './pass.ts';

/** Plans the buffers of a batch: tokens, and of every token its target and weight. */
export function batchBuffers(pass: DecoderPass): void {
  pass.buffer('tokens', pass.rows, `batch × ${pass.length} tokens`);
  pass.buffer('asked', 2 * pass.rows, `batch × ${pass.length} tokens × 2 (target, weight)`);
}

/** y = x W of a matrix by its name. */
export function product(pass: DecoderPass, name: string, x: string, y: string): void {
  const [inputs, outputs] = pass.decoder.tensor(name).shape;
  const shape = { rows: pass.rows, inputs, outputs };
  pass.run(name, linearKernel(pass.sizes, shape, { x, w: pass.plain(name), y }, { narrow: NARROW }));
}

/** Turns q and k by their positions; backward, their slopes. */
export function turned(pass: DecoderPass, name: string, values: string, sign: 1 | -1): void {
  const { spec, length, sizes, shape } = pass;
  pass.contents.turns ??= rotaryTurns(length, spec.head, spec.rotary!.theta);
  const turns = pass.buffer('turns', length * spec.head, `${length} positions × ${spec.head}`);
  pass.run(name, rotaryKernel(sizes, shape, { values, turns }, NARROW, { packed: false, sign }));
}

/** Everything up to `logits`. @param kept norms keep what their backward pass needs */
export function forwardPass(pass: DecoderPass, kept: boolean): void {
  const { sizes, shape, rows, spec, length } = pass;
  const { width, hidden, layers, vocabulary } = spec;
  let x = pass.activations('embedded', width);
  const table = { table: pass.plain('embedding'), index: 'tokens', y: x };
  pass.run('embed', tableRowsKernel(sizes, { rows, width, genes: length }, table, NARROW, false));
  let branch: string | undefined;
  const norm = (name: string, own: string): string => {
    const h = pass.activations(pass.own('h', own), width);
    // A kernel may not read what it writes: streams that are not kept take turns.
    const joint = branch && pass.activations(kept ? pass.own('x', own) : x === 'x.0' ? 'x.1' : 'x.0', width);
    const inverses = kept ? pass.activations(pass.own('inverses', own), 1) : undefined;
    const buffers = { x, y: branch, w: pass.plain(`${name}.weight`), joint, h, inverses };
    pass.run(name, rmsNormKernel(sizes, { rows, width }, spec.norm.epsilon, buffers));
    x = joint ?? x;
    return h;
  };
  for (let l = 0; l < layers; l++) {
    const qkv = pass.activations(pass.own('qkv', l), 3 * width);
    product(pass, `blocks.${l}.qkv`, norm(`blocks.${l}.norm1`, `${l}.1`), qkv);
    turned(pass, `blocks.${l}.rotary`, qkv, 1);
    const output = pass.activations(pass.own('attended', l), width);
    const logSums = pass.buffer(pass.own('logSums', l), headSums(shape), 'batch × heads × tokens, filled to 4');
    pass.run(`blocks.${l}.attention`, attentionKernel(sizes, shape, { qkv, output, logSums }, NARROW, true));
    branch = pass.activations('attentionBranch', width);
    product(pass, `blocks.${l}.o`, output, branch);
    const normed = norm(`blocks.${l}.norm2`, `${l}.2`);
    const gates = pass.activations(pass.own('gates', l), 2 * hidden);
    product(pass, `blocks.${l}.gateUp`, normed, gates);
    const units = pass.activations(pass.own('units', l), hidden);
    pass.run(`blocks.${l}.gate`, siluGateKernel(sizes, { rows, hidden }, { x: gates, y: units }));
    branch = pass.activations('hiddenBranch', width);
    product(pass, `blocks.${l}.down`, units, branch);
  }
  const features = norm('normF', 'F');
  const logits = pass.activations('logits', vocabulary);
  const head = { x: features, w: pass.transposed('embedding'), y: logits };
  pass.run('head', linearKernel(sizes, { rows, inputs: width, outputs: vocabulary }, head, { narrow: NARROW }));
}

/** The loss of every token in `rowLosses` and of every sequence in `losses`; with `slopes` those by the logits take their place. */
export function lossPass(pass: DecoderPass, slopes: boolean): void {
  const { sizes, rows, spec, length, samples } = pass;
  const losses = pass.activations('rowLosses', 1);
  const buffers = { logits: 'logits', asked: 'asked', losses };
  pass.run('loss', logitLossKernel(sizes, { rows, outputs: spec.vocabulary }, buffers, slopes));
  pass.run('loss.sequences', runSumsKernel(sizes, { sums: samples, run: length }, { x: losses, y: 'losses' }));
}
