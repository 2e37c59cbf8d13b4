import { describe, expect, it } from 'vitest';
import type { OwnFiles } from '../../bundle/own-file.ts';
import { planBytes } from '../../gpu/plan.ts';
import { mlpLayout } from '../../nn/mlp.ts';
import { presetParams } from '../validate.ts';
import { ConfigError, type Precision } from '../workload.ts';
import { flowItems } from './items.ts';
import { asKernelShape } from './kernel-shape.ts';
import { flowParams, readFlowParams } from './params.ts';
import { flowPresets } from './presets.ts';
import { tasks } from './tasks/index.ts';
import { shear } from './tasks/shear.ts';
import { slcp } from './tasks/slcp.ts';
import { flowInputs, gaussianNetwork, observationFile } from './test-support/network.ts';
import { taskShape, velocityInputs } from './training/setup.ts';
import { encodeNetwork, readNetwork } from './weights/network-file.ts';
import { flowWorkload } from './workload.ts';

const sampler = {
  threadsPerChain: 1,
  posteriorsPerWorkgroup: 32,
  maxTransitionsPerDispatch: 10,
  precision: 'f32',
} as const;
const shape = asKernelShape(sampler, 1000);
const params = (changes = {}) => ({ ...presetParams(flowParams, flowPresets[0]), ...changes });
const prepare = async (changes = {}, files: OwnFiles = {}, seed = 7) => {
  const inputs = await flowInputs({}, files);
  const configured = flowWorkload.configure(params(changes), inputs);
  return { ...configured.prepare(seed), count: configured.count };
};

describe('the problem', () => {
  it('offers exactly the tasks that there are', () => {
    const choice = flowParams.find(({ key }) => key === 'task');
    const named = choice?.kind === 'choice' ? choice.choices.map(({ value, label }) => [value, label]) : [];
    expect(named.map(([id]) => id).sort()).toEqual(tasks.map(({ id }) => id).sort());
    for (const [id, label] of named) expect(tasks.find((task) => task.id === id)?.title).toBe(label);
  });

  it('takes the task’s own observations, each once', async () => {
    const { items, count, names } = await prepare({ observation: [2, 1] });
    expect(count).toBe(2);
    expect(items.map(({ runId }) => runId)).toEqual(['gaussian_own-2', 'gaussian_own-1']);
    expect(names).toEqual(['theta_1', 'theta_2', 'theta_3']);
    expect(Object.keys(items[0].truth)).toEqual([...names]);
    await expect(prepare({ observation: [1, 1] })).rejects.toThrow(/each to be named once/);
    await expect(prepare({ observation: [9] })).rejects.toThrow(/has observations 1 to 5/);
  });

  it('simulates observations that do not depend on how many there are, but on the seed', async () => {
    const few = await prepare({ truthSource: 'prior', observations: 2 });
    const many = await prepare({ truthSource: 'prior', observations: 5 });
    const other = await prepare({ truthSource: 'prior', observations: 2 }, {}, 8);
    expect(many.items.slice(0, 2)).toEqual(few.items);
    expect(many.context(1)).toEqual(few.context(1));
    expect(other.context(1)).not.toEqual(few.context(1));
    const { truth } = many.items[3];
    // x = θ + 1 + noise of 0.1, in standard deviations of about 1.16.
    many.context(3).forEach((value, i) => {
      expect(Math.abs(value - truth[`theta_${i + 1}`] / 1.16)).toBeLessThan(0.5);
    });
  });

  it('takes observations of a file as [n, x] or [n, x, 1]', async () => {
    const rows = [
      [1, 1.2, 0.4],
      [0.1, 0.2, 0.3],
    ];
    const flat = observationFile(rows);
    const { n: _, ny: __, nx: ___, ...rest } = flat;
    for (const images of [flat, { ...rest, n: 2, ny: 3, nx: 1 }]) {
      const { items, context, count } = await prepare({}, { images });
      expect(count).toBe(2);
      expect(items.map(({ runId, truth }) => [runId, truth])).toEqual([
        ['observation_00000', {}],
        ['observation_00001', {}],
      ]);
      expect(context(1)[2]).toBeCloseTo((0.3 - 1) / 1.16, 1);
    }
    await expect(prepare({}, { images: observationFile([[1, 2]]) })).rejects.toThrow(
      'mine.npy has shape [1, 2], and Gaussian takes [n, 3] or [n, 3, 1]',
    );
  });

  it('takes their true values where a table has them', async () => {
    const images = observationFile([[1, 1, 1]]);
    const table = (rows: Record<string, number>[]) => ({ name: 't.csv', sha256: '', rows });
    expect((await prepare({}, { images, truth: table([{ theta_2: 0.5 }]) })).items[0].truth).toEqual({ theta_2: 0.5 });
    await expect(prepare({}, { images, truth: table([]) })).rejects.toThrow(
      't.csv has 0 rows, mine.npy has 1 observations',
    );
    await expect(prepare({}, { images, truth: table([{ g1: 1 }]) })).rejects.toThrow('none of the columns theta_1');
    await expect(prepare({}, { truth: table([{ theta_2: 1 }]) })).rejects.toThrow('no observations to go with them');
  });

  it.each<[string, Record<string, number>[], string]>([
    [
      'a sentinel',
      [{ theta_1: -99 }, {}],
      'the row of observation 0 (counted from 0), column theta_1: -99 is not allowed; the prior of theta_1 reaches from -2 to 2. Leave a cell empty',
    ],
    ['a value outside the box', [{}, { theta_2: 2.01 }], 'observation 1 (counted from 0), column theta_2: 2.01'],
    [
      'a sentinel at its row of the index',
      [
        { index: 1, theta_3: 99 },
        { index: 0, theta_3: 0 },
      ],
      'observation 1 (counted',
    ],
    [
      'a further parameter',
      [{ theta_1: 0, theta_4: 0 }, {}],
      'has a column theta_4, and Gaussian has the parameters theta_1, theta_2, theta_3 alone',
    ],
    ['columns of another task beside its own', [{ theta_1: 0, g1: 0 }, {}], 'has a column g1'],
    ['columns of another task alone', [{ g1: 0, g2: 0 }, {}], 'none of the columns theta_1'],
  ])('refuses true values that cannot be the task’s, when planned and when run: %s', async (_, rows, words) => {
    const truth = { name: 't.csv', sha256: '', rows };
    const images = observationFile([
      [1, 1, 1],
      [1, 1.2, 0.8],
    ]);
    const inputs = await flowInputs({}, { images, truth });
    const configured = flowWorkload.configure(params(), inputs);
    expect(() => configured.concerns!()).toThrow(words);
    expect(() => configured.prepare(1)).toThrow(words);
  });

  it('takes true values up to the edge of a box, and of a normal prior all that it ever gives', async () => {
    const images = observationFile([[1, 1, 1]]);
    const at = (theta_1: number) => ({ images, truth: { name: 't.csv', sha256: '', rows: [{ theta_1 }] } });
    for (const edge of [-2, 2]) expect((await prepare({}, at(edge))).items[0].truth).toEqual({ theta_1: edge });
    const stamp = {
      files: {
        images: observationFile([Array(2304).fill(0)]),
        truth: { name: 't.csv', sha256: '', rows: [{ g1: -99 }] },
      },
    };
    const shearItems = () => flowItems(shear, readFlowParams({ task: 'shear' }), 1, stamp);
    expect(shearItems).toThrow('column g1: -99 is not allowed; the prior of g1 reaches from -0.38 to 0.42');
  });

  it('notes a precision that is not f32', async () => {
    const inputs = await flowInputs();
    const notes = (precision?: Precision) =>
      flowWorkload.configure(params(), inputs, { precision }).prepare(1).notes.join('\n');
    expect(notes('f16-storage')).toContain('Precision f16-storage: hidden matrices and activations stored in halves');
    expect(notes('f16')).toContain('Precision f16: ');
    expect(notes('f32')).toBe(notes());
    expect(notes()).not.toContain('Precision');
  });

  it('warns of observations that no simulation came near', async () => {
    const { warnings } = await prepare(
      {},
      {
        images: observationFile([
          [1, 1, 1],
          [1, 40, 1],
        ]),
      },
    );
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toBe(
      '1 of 2 observations is unlike anything that prior and simulator make (p ≤ 0.001): number 1, counted from 0. Its posterior means nothing. Check order and units of the columns of mine.npy.',
    );
    expect((await prepare({}, { images: observationFile([[1, 1, 1]]) })).warnings).toEqual([]);
  });

  it('warns of them before a run, too, and of each file anew', async () => {
    const concerns = async (rows: number[][]) => {
      const inputs = await flowInputs({}, { images: observationFile(rows) });
      return [0, 1].map(() => flowWorkload.configure(params(), inputs).concerns!());
    };
    const far = [
      [1, 1, 1],
      [1, 40, 1],
    ];
    const { warnings } = await prepare({}, { images: observationFile(far) });
    expect(await concerns(far)).toEqual([warnings, warnings]);
    expect(await concerns([[1, 1, 1]])).toEqual([[], []]);
    expect(flowWorkload.configure(params(), await flowInputs()).concerns!()).toEqual([]);
  });

  it('shows SLCP’s network a summary of the points, and names the observation that has none', async () => {
    const shape = taskShape(slcp);
    const net = { inputs: velocityInputs(shape), outputs: 5, width: 8, depth: 1, activation: 'silu' } as const;
    const scaling = { mean: Array(10).fill(0), sd: Array(10).fill(1) };
    const model = { task: shape, net, weights: new Float32Array(mlpLayout(net).size), scaling };
    const network = readNetwork('slcp.safetensors', encodeNetwork({ model, provenance: {} }));
    const problem = async (rows: number[][]) => {
      const inputs = await flowInputs({ task: 'slcp' }, { network, images: observationFile(rows) });
      return flowWorkload.configure(params({ task: 'slcp' }), inputs).prepare(1);
    };
    const points = [1, 0, -1, 0, 0, 2, 0, 2];
    const { context, items } = await problem([points]);
    expect(items[0].observation).toEqual(points);
    expect([...context(0)]).toEqual([0, 1, Math.fround(0.5 * Math.log(2)), Math.fround(0.5 * Math.log(4)), 0]);
    await expect(problem([points, Array(8).fill(1)])).rejects.toThrow(
      'mine.npy: observation 1 cannot be used: the four points of an observation of slcp coincide or lie on one line.',
    );
  });

  it('says how many simulations the network can have seen', async () => {
    const inputs = await flowInputs();
    const note = (provenance: object) => {
      const loaded = { ...inputs.loaded!, provenance };
      return flowWorkload.configure(params(), { ...inputs, loaded }).prepare(7).notes[0];
    };
    const trained = { simulations: 1_000_000, batch: 256 };
    expect(note({ ...trained, steps: 400 })).toContain('on up to 102,400 of 1,000,000 simulations in 400 steps');
    expect(note({ ...trained, steps: 48_000 })).toContain('trained on 1,000,000 simulations in 48,000 steps');
    expect(note({ simulations: 1000, steps: 2 })).toContain('trained on 1,000 simulations in 2 steps');
  });

  it('says why samples outside the prior are rejected, where the network was taught a wider one', async () => {
    const inputs = await flowInputs();
    const notes = (provenance: object, rejectOutside = true) => {
      const loaded = { ...inputs.loaded!, provenance };
      return flowWorkload
        .configure(params({ rejectOutside }), { ...inputs, loaded })
        .prepare(7)
        .notes.join('\n');
    };
    const taught = 'taught a prior that goes on beyond its edges, falling with a standard deviation of 0.1';
    expect(notes({ shoulder: 0.1 })).toContain(taught);
    expect(notes({ shoulder: 0.1 })).toContain('rejected by design');
    expect(notes({ shoulder: 0.1 }, false)).toContain('kept belong to that wider one');
    for (const older of [{}, { shoulder: 0 }]) expect(notes(older)).not.toContain('beyond its edges');
    const c2st = { 'predictive-1': 0.51, 'predictive-2': 0.5 };
    expect(notes({ c2st: 0.505, c2stObservations: 2, evaluation: { c2st } })).toContain(
      'C2ST 0.505 over 2 observations that the prior makes',
    );
  });

  it('plans what it takes, to the byte', async () => {
    const inputs = await flowInputs();
    const bytes = (chunk: number, samples = 1000) =>
      planBytes(flowWorkload.configure(params({ samples }), inputs).plan(chunk, shape));
    // An observation adds 250 groups of 3 × 16 B of positions, as much staging, 16 B a group, and 12 B of its own.
    expect(bytes(3) - bytes(2)).toBe(250 * (48 + 48 + 16) + 12);
    const plan = flowWorkload.configure(params(), inputs).plan(2, shape);
    expect(plan.chunk).toBe(2);
    expect(plan.buffers.reduce((sum, { bytesPerItem }) => sum + bytesPerItem, 0)).toBe(bytes(3) - bytes(2));
  });

  it('refuses networks of another task, and says where there is none', async () => {
    await expect(
      flowWorkload.load!(params({ task: 'two_moons' }), { files: { network: gaussianNetwork } }),
    ).rejects.toThrow(/network for the task gaussian \(3 parameters, 3 data\), not for two_moons \(2, 2\)/);
    const nothing = flowWorkload.load!(params({ task: 'slcp' }), {});
    await expect(nothing).rejects.toThrow(ConfigError);
    await expect(nothing).rejects.toThrow('no trained network for slcp is there (networks/slcp.safetensors)');
  });
});
