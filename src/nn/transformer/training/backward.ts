/** The backward pass of a batch of sequences: every tensor's part of `gradient`, from the logits to the embedding. */
import { attentionBackwardKernels, headSums } from '../../tensor/attention-kernels.ts';
import { rmsBackwardKernel, rmsGradientKernel, siluGateKernel } from '../../tensor/decoder-kernels.ts';
import { linearGradientKernel, linearKernel, partsOf } from '../../tensor/kernels.ts';
import { tableGradientKernel } from '../../tensor/table-kernels.ts';
import { turned } from './forward.ts';
import { type DecoderPass, NARROW } from './pass.ts';

/** Slopes by the weights of a matrix. */
function weights(pass: DecoderPass, name: string, x: string, dy: string): void {
  const { rows, sizes } = pass;
  const [inputs, outputs] = pass.decoder.tensor(name).shape;
  pass.slopes(name, partsOf(sizes, rows), (parts, place) =>
    linearGradientKernel(
      sizes,
      { rows, inputs, outputs },
      { x, dy, parts, place },
      {
        narrow: NARROW,
        biased: false,
      },
    ),
  );
}

/** Slopes by the inputs of a matrix. */
function inputs(pass: DecoderPass, name: string, dy: string, dx: string): void {
  const [into, out] = pass.decoder.tensor(name).shape;
  const shape = { rows: pass.rows, inputs: out, outputs: into };
  const buffers = { x: dy, w: pass.transposed(name), y: dx };
  pass.run(`back.${name}`, linearKernel(pass.sizes, shape, buffers, { narrow: NARROW }));
}

/** From `dh` on into `dx`. @param x what was normed @param last nothing reaches dx past the norm */
function normBack(pass: DecoderPass, name: string, own: string, x: string, last = false): void {
  const { rows, sizes, spec } = pass;
  const shape = { rows, width: spec.width };
  const inverses = pass.own('inverses', own);
  pass.slopes(`${name}.weight`, partsOf(sizes, rows), (parts, place) =>
    rmsGradientKernel(sizes, shape, { dh: 'dh', x, inverses, parts, place }),
  );
  const buffers = { dh: 'dh', x, w: pass.plain(`${name}.weight`), inverses, dx: 'dx' };
  pass.run(`back.${name}`, rmsBackwardKernel(sizes, shape, buffers, last));
}

/** Behind `forwardPass` and `lossPass` with slopes, all activations kept. */
export function backwardPass(pass: DecoderPass): void {
  const { rows, sizes, shape, spec } = pass;
  const { width, hidden, layers, vocabulary } = spec;
  pass.activations('dx', width);
  pass.activations('dh', width);
  const head = { x: 'logits', w: pass.plain('embedding'), y: 'dh' };
  pass.run('back.head', linearKernel(sizes, { rows, inputs: vocabulary, outputs: width }, head, { narrow: NARROW }));
  normBack(pass, 'normF', 'F', pass.own('x', 'F'), true);
  for (let l = layers - 1; l >= 0; l--) {
    const block = `blocks.${l}`;
    const [units, dunits] = [pass.own('units', l), pass.activations('dunits', hidden)];
    weights(pass, `${block}.down`, units, 'dx');
    inputs(pass, `${block}.down`, 'dx', dunits);
    const [gates, dgates] = [pass.own('gates', l), pass.activations('dgates', 2 * hidden)];
    pass.run(`back.${block}.gate`, siluGateKernel(sizes, { rows, hidden }, { x: gates, y: dunits, dx: dgates }));
    weights(pass, `${block}.gateUp`, pass.own('h', `${l}.2`), dgates);
    inputs(pass, `${block}.gateUp`, dgates, 'dh');
    normBack(pass, `${block}.norm2`, `${l}.2`, pass.own('x', `${l}.2`));
    const [output, doutput] = [pass.own('attended', l), pass.activations('dattended', width)];
    weights(pass, `${block}.o`, output, 'dx');
    inputs(pass, `${block}.o`, 'dx', doutput);
    const dqkv = pass.activations('dqkv', 3 * width);
    const along = pass.buffer('along', headSums(shape), 'batch × heads × tokens, filled to 4');
    const buffers = { qkv: pass.own('qkv', l), output, doutput, logSums: pass.own('logSums', l), along, dqkv };
    pass.run(`back.${block}.attention`, ...attentionBackwardKernels(sizes, shape, buffers, NARROW, true));
    turned(pass, `back.${block}.rotary`, dqkv, -1);
    weights(pass, `${block}.qkv`, pass.own('h', `${l}.1`), dqkv);
    inputs(pass, `${block}.qkv`, dqkv, 'dh');
    normBack(pass, `${block}.norm1`, `${l}.1`, l > 0 ? pass.own('x', `${l}.1`) : 'embedded');
  }
  embeddingBack(pass);
}

/** The embedding is read twice: by tokens, and as the head. */
function embeddingBack(pass: DecoderPass): void {
  const { rows, sizes, spec, length } = pass;
  const { width, vocabulary } = spec;
  pass.slopes(
    'embedding',
    partsOf(sizes, rows),
    (parts, place) =>
      linearGradientKernel(
        sizes,
        { rows, inputs: vocabulary, outputs: width },
        { x: 'logits', dy: pass.own('h', 'F'), parts, place },
        { narrow: NARROW, biased: false },
      ),
    (parts, place) =>
      tableGradientKernel(
        sizes,
        { rows, entries: vocabulary, width, genes: length },
        { index: 'tokens', dy: 'dx', parts, place },
        true,
      ),
  );
}
