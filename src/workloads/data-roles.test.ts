import { expect, it, test } from 'vitest';
import { encodeNpy } from '../bundle/npy.ts';
import { flowFiles, imagesOf } from './flow/files.ts';
import { flowItems } from './flow/items.ts';
import { readFlowParams } from './flow/params.ts';
import { twoMoons } from './flow/tasks/two-moons.ts';
import { shearFiles } from './shear/files.ts';
import { ConfigError } from './workload.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const [observations, flowTruth] = flowFiles;
const [stamps, shearTruth] = shearFiles;

test.each([
  [observations, '1,2\n3,4\n', '2 rows of 2 numbers'],
  [
    observations,
    '0;1\n0,5;1,0\n',
    '1 row of 2 numbers; line 1, whole numbers from 0, names the columns; separated by semicolons; decimal commas; columns 0, 1',
  ],
  [
    shearTruth,
    '# G1 G2 mag\n.1 .2 21\n',
    '1 row; with g1, g2; not used: mag; line 1 names the columns; separated by spaces',
  ],
  [
    flowTruth,
    'index,theta_1,note\n1,2,a\n0,3,b\n',
    '2 rows; with theta_1; not used: note; line 1 names the columns; rows in the order of the column index',
  ],
] as const)('%$ a role tells what it found', async (role, text, what) => {
  expect((await role.read('x.csv', bytes(text))).what).toBe(what);
});

it('tells from what numbers stamps came', async () => {
  const plain = encodeNpy(new Float32Array(4), [1, 2, 2]);
  expect((await stamps.read('x.npy', plain)).what).toBe('1 image of 2 × 2 pixels');
});

const own = async (data: string, truth: string) => {
  const [images, table] = [await observations.read('x.csv', bytes(data)), await flowTruth.read('t.csv', bytes(truth))];
  const inputs = { files: { images: images.input, truth: table.input } };
  expect(imagesOf(inputs)).toBe(images.input);
  return flowItems(twoMoons, readFlowParams({ task: 'two_moons' }), 1, inputs);
};

it('puts truths beside the observations of their number', async () => {
  const { items, observation } = await own('id,x,y\n2,.1,.2\n1,.3,.4\n', 'Index,Theta_1,Theta_2\n1,.5,.6\n0,.7,.8\n');
  expect(items.map(({ truth }) => truth)).toEqual([
    { theta_1: 0.7, theta_2: 0.8 },
    { theta_1: 0.5, theta_2: 0.6 },
  ]);
  expect(Array.from(observation(0), Number)).toEqual([0.3, 0.4].map(Math.fround));
});

it('refuses the truths of another task, and an index with gaps', async () => {
  await expect(own('.1,.2\n', 'theta_1,theta_2,theta_3\n1,2,3\n')).rejects.toThrow(
    /t\.csv has a column theta_3, and Two moons has the parameters theta_1, theta_2 alone/,
  );
  await expect(own('.1,.2\n', 'theta_1,theta_2,theta_3\n1,2,3\n')).rejects.toThrow(ConfigError);
  await expect(own('.1,.2\n.3,.4\n', 'index,theta_1\n0,1\n3,2\n')).rejects.toThrow(/index must hold each of 0 … 1/);
});
