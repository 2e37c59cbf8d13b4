/** The origin's checkpoints, as its trainers write them, turned into what the product reads: names, layout, sizes, refusals. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runPython } from '../../src/bundle/fixtures/tools.ts';
import { decodeSafetensors } from '../../src/bundle/safetensors.ts';
import type { ScoreNetworkSpec } from '../../src/nn/score-network/spec.ts';
import { scoreTensors } from '../../src/nn/score-network/tensors.ts';
import { readCellsNetwork } from '../../src/workloads/cells/network-file.ts';
import { root } from '../locate.mjs';

const SPEC: ScoreNetworkSpec = {
  ...{ variant: 'origin', layers: 2, width: 32, heads: 2, genes: 6, bins: 5 },
  ...{ perturbations: 3, cellTypes: 2, timeFeatures: 32 },
};
type Shape = readonly number[];
/** Names and shapes as PyTorch has them: matrices [out, in]. */
const TENSORS: [string, Shape][] = scoreTensors(SPEC, 'f32').tensors.map(({ name, kind, shape }) => [
  name,
  kind === 'matrix' ? [...shape].reverse() : shape,
]);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Case {
  readonly tensors: readonly (readonly [string, Shape])[];
  /** Under which the checkpoint holds its weights; "" where it is nothing but them. */
  readonly key: string;
  readonly beside?: Record<string, unknown>;
  readonly options: Record<string, unknown>;
}

function convert(given: Case) {
  const [input, output] = [join(folder, 'case.json'), join(folder, 'out.safetensors')];
  writeFileSync(input, JSON.stringify(given));
  const said = JSON.parse(runPython(join(root, 'scripts/cells/fixtures/convert_numpy.py'), input, output));
  return { ...said, bytes: () => new Uint8Array(readFileSync(output)) };
}

const named = (change: (name: string) => string) => TENSORS.map(([name, shape]) => [change(name), shape] as const);

describe('a checkpoint of the origin', () => {
  it('becomes a network with its names, values and sizes', () => {
    const result = convert({
      tensors: [...named((name) => `module.${name}`), ['module.blocks.0.attn.rotary.inv_freq', [4]]],
      ...{ key: 'model_state_dict', beside: { step: 7, epoch: 1, optimizer_state_dict: {} } },
      options: {
        ...{ config: { num_heads: 2, hidden_dim: 32 }, genes: ['a', 'b', 'c', 'd', 'e', 'f'] },
        ...{ perturbations: ['control', 'p', 'q'], cell_types: ['x', 'y'] },
      },
    });
    expect(result).toMatchObject({ spec: SPEC, notes: [] });
    const network = readCellsNetwork('out.safetensors', result.bytes());
    expect(network.spec).toEqual(SPEC);
    expect(network.subject).toMatchObject({ perturbations: ['control', 'p', 'q'], bins: { kind: 'exact', count: 5 } });
    expect(network.provenance).toEqual({ origin: 'st3', step: 7, epoch: 1 });
    const { tensors } = decodeSafetensors('out.safetensors', result.bytes());
    TENSORS.forEach(([name, shape], at) => {
      const stored = tensors.get(name)!;
      expect(stored.shape, name).toEqual(shape);
      expect(stored.data[3], name).toBe((3 + at) / 16);
    });
  });

  it('is read whatever wrapped it, without its names and with fewer genes than rows', () => {
    const result = convert({
      tensors: named((name) => `_orig_mod.${name.replace('cell_type_', 'celltype_')}`),
      ...{ key: '', options: { config: { num_genes: 4 } } },
    });
    expect(result.spec).toMatchObject({ genes: 4, heads: 1, cellTypes: 2 });
    expect(result.notes).toHaveLength(2);
    const network = readCellsNetwork('out.safetensors', result.bytes());
    expect(network.spec.genes).toBe(4);
    expect(network.subject).toBeUndefined();
  });

  it('gives its averaged weights where asked', () => {
    const averaged = { tensors: TENSORS, key: 'ema_state_dict', options: { ema: true, heads: 2 } };
    expect(convert(averaged).spec).toEqual(SPEC);
    expect(convert({ ...averaged, key: 'model_state_dict' }).refused).toContain('no averaged weights');
  });

  it.each<[string, Partial<Case>, string]>([
    ['without weights', { key: 'something' }, 'it has something'],
    [
      'of a variant with other conditions',
      { tensors: [...TENSORS, ['precomputed_proj.weight', [32, 8]]] },
      'precomputed_proj.weight belongs to a variant that is not read',
    ],
    ['without its tokens', { tensors: TENSORS.slice(1) }, 'token_embed.weight is missing'],
    ['with heads that do not fit', { options: { heads: 5 } }, '5 heads do not divide the width 32'],
    [
      'with too few names',
      { options: { genes: ['a'], perturbations: ['p'] } },
      '1 perturbations are named, and the network has 3',
    ],
    [
      'with too many genes',
      { options: { config: { num_genes: 7 } } },
      '7 genes are named, and the network has rows for 6',
    ],
  ])('%s is refused in words', (_, change, words) => {
    expect(convert({ tensors: TENSORS, key: 'model_state_dict', options: {}, ...change }).refused).toContain(words);
  });
});
