import { describe, expect, it } from 'vitest';
import { tableWords, tensorValues } from '../optimiser/tensor-table.ts';
import { initialScoreNetwork } from './init.ts';
import { decodeScoreNetwork, encodeScoreNetwork } from './safetensors.ts';
import { SCORE_SIZES, type ScoreNetworkSpec, scoreParameters } from './spec.ts';
import { scoreTensors } from './tensors.ts';

const reference = {
  layers: 2,
  width: 32,
  heads: 4,
  genes: 24,
  bins: 16,
  perturbations: 5,
  cellTypes: 3,
  timeFeatures: 32,
};
const lockstep: ScoreNetworkSpec = { variant: 'lockstep', ...reference };
const origin: ScoreNetworkSpec = { variant: 'origin', ...reference };
const small: ScoreNetworkSpec = {
  variant: 'origin',
  ...SCORE_SIZES.S,
  genes: 4096,
  bins: 100,
  perturbations: 0,
  cellTypes: 0,
  timeFeatures: 128,
};
const free: ScoreNetworkSpec = { ...lockstep, perturbations: 0, cellTypes: 0, timeFeatures: 0 };

describe('the score network’s tensors', () => {
  it.each([
    [lockstep, 67_152],
    [origin, 62_624],
    [small, 1_768_064],
    [free, 67_152 - 2 * (8 * 32 ** 2 + 5 * 32) - (6 + 4) * 32 - (8 * 32 ** 2 + 5 * 32)],
  ] as const)('are as many numbers as the formula says', (spec, parameters) => {
    const count = scoreTensors(spec, 'f32').tensors.reduce(
      (sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1),
      0,
    );
    expect(count).toBe(parameters);
    expect(scoreParameters(spec)).toBe(parameters);
  });

  it('are a table that the optimiser takes, in every precision', () => {
    for (const precision of ['f32', 'f16-storage', 'f16', 'bf16-storage'] as const) {
      const { table, tensors, plain } = scoreTensors(lockstep, precision, true);
      expect(tableWords(table)).toHaveLength(8 * tensors.length);
      for (const { name } of tensors) expect(plain(name).offset % 256).toBe(0);
    }
    expect(scoreTensors(lockstep, 'f16').table.workingBytes).toBeLessThan(
      scoreTensors(lockstep, 'f32').table.workingBytes,
    );
    expect(() => scoreTensors(lockstep, 'f32').plain('blocks.2.ada.weight')).toThrow('blocks.2.ada.weight');
  });

  it.each([
    [{ width: 36 }, 'width is 36'],
    [{ heads: 3 }, 'heads is 3'],
    [{ bins: 1 }, 'bins is 1'],
    [{ timeFeatures: 6 }, 'timeFeatures is 6'],
    [{ variant: 'origin', timeFeatures: 0 }, 'timeFeatures is 0'],
  ] as const)('refuses %j', (change, words) => {
    expect(() => scoreTensors({ ...lockstep, ...change }, 'f32')).toThrow(words);
  });
});

describe('starting weights', () => {
  it('hang on seed and place alone, and make every block the identity', () => {
    const weights = initialScoreNetwork(lockstep, 7);
    expect(initialScoreNetwork(lockstep, 7)).toEqual(weights);
    expect(initialScoreNetwork(lockstep, 8)).not.toEqual(weights);
    for (const tensor of scoreTensors(lockstep, 'f32').tensors) {
      const values = tensorValues(tensor, weights);
      const zero =
        tensor.kind === 'vector' || /ada|out_proj\.weight$/.test(tensor.name.replace('attn.out_proj', 'attn'));
      expect(
        values.every((value) => value === 0),
        tensor.name,
      ).toBe(zero);
    }
  });
});

describe('safetensors files', () => {
  const file = 'network.safetensors';
  it.each([lockstep, origin, free])('come back as they were', (spec) => {
    const weights = initialScoreNetwork(spec, 3);
    const back = decodeScoreNetwork(file, encodeScoreNetwork({ spec, weights }, { bins: 'x' }));
    expect(back.spec).toEqual(spec);
    expect(back.weights).toEqual(weights);
    expect(back.metadata.bins).toBe('x');
  });

  /** A file as PyTorch writes one: no metadata of ours, and what `change` makes of the tensors. */
  function foreign(
    spec: ScoreNetworkSpec,
    change: (header: Record<string, { shape: number[]; data_offsets: number[] }>) => void,
  ): Uint8Array {
    const bytes = encodeScoreNetwork({ spec, weights: initialScoreNetwork(spec, 3) });
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    delete header.__metadata__;
    change(header);
    const text = new TextEncoder().encode(JSON.stringify(header));
    const out = new Uint8Array(8 + text.length + bytes.length - 8 - length);
    new DataView(out.buffer).setBigUint64(0, BigInt(text.length), true);
    out.set(text, 8);
    out.set(bytes.subarray(8 + length), 8 + text.length);
    return out;
  }

  it('of others tell their sizes by shapes; tables of sines are passed over', () => {
    const bytes = foreign(origin, (header) => {
      header['blocks.0.attn.rotary.inv_freq'] = { ...header['out_proj.weight'], shape: [0], data_offsets: [0, 0] };
    });
    expect(decodeScoreNetwork(file, bytes, { heads: 4 }).spec).toEqual(origin);
    for (const spec of [lockstep, origin, free]) {
      const read = decodeScoreNetwork(
        file,
        foreign(spec, () => {}),
        { heads: 4 },
      );
      expect(read.spec).toEqual(spec);
      expect(read.weights).toEqual(initialScoreNetwork(spec, 3));
    }
  });

  it('are refused by the name of the tensor that is wrong', () => {
    const read = (change: Parameters<typeof foreign>[1]) => () =>
      decodeScoreNetwork(file, foreign(lockstep, change), { heads: 4 });
    expect(
      read((header) => {
        delete header['blocks.1.ada.bias'];
      }),
    ).toThrow('blocks.1.ada.bias of shape [192] is missing');
    expect(
      read((header) => {
        header.extra = header['out_proj.bias'];
        delete header['out_proj.bias'];
      }),
    ).toThrow('out_proj.bias');
    expect(
      read((header) => {
        header['blocks.0.ff.net.0.weight'].shape = [32, 128];
      }),
    ).toThrow('blocks.0.ff.net.0.weight has shape [32, 128], and [128, 32] is expected');
    const spec = { ...lockstep, heads: 4 };
    const weights = initialScoreNetwork(spec, 3);
    weights[5] = Number.NaN;
    expect(() => decodeScoreNetwork(file, encodeScoreNetwork({ spec, weights }))).toThrow('token_embed.weight is NaN');
  });
});
