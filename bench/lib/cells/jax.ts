/** jax-js with the same network, written as one would write it there. */
import { blockUntilReady, defaultDevice, jit, nn, numpy as np } from '@jax-js/jax';
import { EXPANSION, NORM_EPSILON } from '../../../src/nn/score-network/spec.ts';
import type { JaxBackend } from '../jax.ts';
import type { Entrant } from './entrant.ts';
import { type CellsProblem, modulationsOf, tensorOf, tokensOf } from './problem.ts';

interface Dense {
  readonly weight: np.Array;
  readonly bias: np.Array;
}

interface Block {
  readonly modulations: readonly np.Array[];
  readonly qkv: Dense;
  readonly out: Dense;
  readonly first: Dense;
  readonly second: Dense;
}

interface JaxNetwork {
  readonly tokens: np.Array;
  readonly genes: np.Array;
  readonly blocks: readonly Block[];
  readonly outModulations: readonly np.Array[];
  readonly out: Dense;
}

function network(problem: CellsProblem): JaxNetwork {
  const { layers, width, bins, genes } = problem.spec;
  const array = (name: string, shape: number[]) => np.array(tensorOf(problem, name)).reshape(shape);
  const dense = (name: string, inputs: number, outputs: number): Dense => ({
    weight: array(`${name}.weight`, [inputs, outputs]),
    bias: array(`${name}.bias`, [outputs]),
  });
  const modulations = (name: string) => modulationsOf(problem, name).map((values) => np.array(values));
  const wide = EXPANSION * width;
  return {
    tokens: array('token_embed.weight', [bins + 1, width]),
    genes: array('gene_embed.weight', [genes, width]),
    blocks: Array.from({ length: layers }, (_, i) => ({
      modulations: modulations(`blocks.${i}.ada`),
      qkv: dense(`blocks.${i}.attn.qkv`, width, 3 * width),
      out: dense(`blocks.${i}.attn.out_proj`, width, width),
      first: dense(`blocks.${i}.ff.net.0`, width, wide),
      second: dense(`blocks.${i}.ff.net.3`, wide, width),
    })),
    outModulations: modulations('out_ada'),
    out: dense('out_proj', width, bins),
  };
}

const apply = (x: np.Array, { weight, bias }: Dense) => np.matmul(x, weight.ref).add(bias.ref);
const norm = (x: np.Array, shift: np.Array, scale: np.Array) =>
  nn.standardize(x, -1, { epsilon: NORM_EPSILON.lockstep }).mul(scale.ref).add(shift.ref);

/** Logits [batch, genes, bins] of tokens [batch, genes]. Arguments are owned. */
function logits(net: JaxNetwork, { spec }: CellsProblem, tokens: np.Array, batch: number): np.Array {
  const { genes, width, heads, bins } = spec;
  const byHeads = [batch, genes, heads, width / heads];
  let x = np
    .take(net.tokens.ref, tokens, 0)
    .add(net.genes.ref)
    .reshape([batch * genes, width]);
  for (const { modulations, qkv, out, first, second } of net.blocks) {
    const [s1, k1, g1, s2, k2, g2] = modulations;
    const [q, k, v] = np.split(apply(norm(x.ref, s1, k1), qkv), 3, 1).map((part) => part.reshape(byHeads));
    const heard = nn.dotProductAttention(q, k, v).reshape([batch * genes, width]);
    x = x.add(apply(heard, out).mul(g1.ref));
    const hidden = nn.gelu(apply(norm(x.ref, s2, k2), first), { approximate: false });
    x = x.add(apply(hidden, second).mul(g2.ref));
  }
  const [shift, scale] = net.outModulations;
  return apply(norm(x, shift, scale), net.out).reshape([batch, genes, bins]);
}

export function jaxEntrant(backend: JaxBackend, problem: CellsProblem, batch: number): Entrant {
  defaultDevice(backend);
  const net = network(problem);
  const tokens = np.array(Int32Array.from(tokensOf(problem.spec, batch))).reshape([batch, problem.spec.genes]);
  const evaluate = jit((given: np.Array) => logits(net, problem, given, batch));
  return {
    name: `jax-js ${backend}`,
    perStep: batch,
    run: async (steps) => {
      defaultDevice(backend);
      for (let step = 0; step < steps; step++) {
        // Computed only when somebody waits for it.
        const found = evaluate(tokens.ref);
        await blockUntilReady(found);
        found.dispose();
      }
    },
    logits: async () => {
      defaultDevice(backend);
      return (await evaluate(tokens.ref).data()) as Float32Array;
    },
  };
}
