/**
 * The decoder on this machine: positions a second of prompts and of drawn tokens by how many texts go side by side, in CPU time where the adapter
 * is software, for a random model of GPT-2's shape; and that texts are equal to the bit whatever their number.
 *
 *     node bench/run.mjs decoder [--runtime deno] [--texts 1,8,16] [--layers 4] [--width 256] [--vocabulary 2048] [--tokens 16] [--prompt 64]
 *                                [--form layered|fused] [--storage f32|f16|bf16|int8] [size=value …]
 */
import { defaultSizes, type SizeOverrides } from '../src/batch/sizes.ts';
import { openGpu } from '../src/cli/gpu.ts';
import type { DecoderOptions, WeightStorage } from '../src/nn/transformer/batch.ts';
import { type DecoderForm, decoderShape, openDecoder } from '../src/nn/transformer/decoder.ts';
import type { DecoderSpec } from '../src/nn/transformer/spec.ts';
import { decoderTensors, type WeightSource } from '../src/nn/transformer/weights.ts';
import { integer, list, text } from './lib/arguments.ts';

const overrides = Object.fromEntries(
  process.argv
    .filter((word) => word.includes('='))
    .map((word) => [`activations.${word.split('=')[0]}`, Number(word.split('=')[1])]),
) as SizeOverrides;
const sizes = { ...defaultSizes, ...overrides };
const width = integer('--width', 256);
const spec: DecoderSpec = {
  family: 'gpt2',
  layers: integer('--layers', 4),
  width,
  heads: width / 64,
  kvHeads: width / 64,
  head: 64,
  hidden: 4 * width,
  vocabulary: integer('--vocabulary', 2048),
  positions: 1024,
  norm: { kind: 'layer', epsilon: 1e-5, unit: 0, post: false },
  scale: 1 / 8,
  mlp: { gated: false, activation: 'gelu' },
  biases: 'all',
  tied: true,
  embeddingScale: 1,
};

/** Numbers of a plain generator: what they are does not matter for the time. */
const source: WeightSource = {
  spec,
  tensors: decoderTensors(spec),
  types: ['F32'],
  async *pieces() {
    let state = 1;
    for (const tensor of decoderTensors(spec)) {
      const [rows, inner = 1] = tensor.shape;
      const norm = inner === 1 && tensor.name.endsWith('.weight');
      const values = new Float32Array(rows * inner).map(() => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return (norm ? 1 : 0) + (state / 2 ** 31 - 1) / Math.sqrt(width);
      });
      yield { tensor, from: 0, to: rows, values };
    }
  },
};

const newTokens = integer('--tokens', 16);
const prompt = integer('--prompt', 64);
const { gpu, release } = await openGpu('auto');
const { report } = gpu;
const seconds = () => {
  const { user, system } = process.cpuUsage();
  return report.software ? (user + system) / 1e6 : performance.now() / 1e3;
};
let first: string | undefined;
for (const slots of list('--texts', [1, 8, 16])) {
  const options: DecoderOptions = {
    spec,
    storage: text('--storage', 'f32') as WeightStorage,
    slots,
    context: prompt + newTokens,
    capture: { components: ['residual'], windows: 1, kept: false },
    sampling: { temperature: 1, topK: 0, topP: 1 },
    ends: [],
    scored: false,
  };
  const shape = decoderShape(report, options, sizes, text('--form', 'layered') as DecoderForm);
  if (first === undefined) console.log(`${report.name}, ${report.runtime}; ${shape.form}`, overrides);
  const begin = performance.now();
  const batch = await openDecoder(gpu, source, options, shape, sizes);
  const opened = performance.now() - begin;
  const place = () =>
    batch.place(
      Array.from({ length: slots }, (_, slot) => ({
        slot,
        ids: Uint32Array.from({ length: prompt }, (__, i) => (i * 37 + slot * 101) % spec.vocabulary),
        prompt,
        newTokens,
        seed: 5 + slot,
        windows: [[0, Number.POSITIVE_INFINITY]],
        strength: 0,
      })),
    );
  const timed = async (run: () => Promise<void>) => {
    const [cpu, wall] = [seconds(), performance.now()];
    await run();
    await gpu.finished();
    return { cpu: seconds() - cpu, wall: (performance.now() - wall) / 1e3 };
  };
  // Once to warm up.
  await place();
  await batch.advance(Number.POSITIVE_INFINITY, prompt + 3);
  await place();
  const reading = await timed(() => batch.advance(Number.POSITIVE_INFINITY, prompt));
  const drawing = await timed(() => batch.advance(Number.POSITIVE_INFINITY));
  const states = await batch.states();
  const bits = JSON.stringify([[...states[0].drawn], [...(await batch.sums(0)).sums]]);
  first ??= bits;
  const rates = ({ cpu, wall }: { cpu: number; wall: number }, positions: number) =>
    `${(positions / wall).toFixed(1)}/s, ${(positions / cpu).toFixed(1)} a CPU second`;
  console.log(
    `${slots} texts: opened in ${(opened / 1e3).toFixed(1)} s; prompts ${rates(reading, slots * prompt)}; drawn ${rates(drawing, slots * newTokens)}; first text ${bits === first ? 'equal' : 'OTHER'}`,
  );
  batch.close();
}
await release();
