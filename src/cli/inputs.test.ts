/** Which network a configuration is repeated with. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dataRole } from '../workloads/cells/files/data-role.ts';
import type { FileRole } from '../workloads/file-role.ts';
import { flowExperiment } from '../workloads/flow/experiment.ts';
import { shearExperiment } from '../workloads/shear/experiment.ts';
import type { LoadedFile, RunInputs } from '../workloads/workload.ts';
import { inputOptions, inputPaths, otherFiles, readInputs } from './inputs.ts';

const networkPath = (given: string | undefined, base: Record<string, unknown>) =>
  inputPaths(flowExperiment, (flag) => (flag === 'network' ? given : undefined), base).network;
const otherNetwork = (base: Record<string, unknown>, inputs: RunInputs) => otherFiles(flowExperiment, base, inputs)[0];

const mine = { name: 'mine.safetensors', sha256: 'sha256:1' };
const shipped = { name: 'gaussian.safetensors', sha256: 'sha256:2' };
const own = { ran: { network: mine, loaded: mine } };

test('a run with a network of one’s own is repeated with a network that is named, or not at all', () => {
  expect(() => networkPath(undefined, own)).toThrow(
    /mine\.safetensors \(sha256:1\).*Give that file to repeat the run, or "shipped"/,
  );
  expect(networkPath('mine.safetensors', own)).toBe('mine.safetensors');
  expect(networkPath('shipped', own)).toBeUndefined();
});

test('nothing is asked for where the network that ships ran, or none did', () => {
  expect(networkPath(undefined, {})).toBeUndefined();
  expect(networkPath(undefined, { ran: { loaded: shipped } })).toBeUndefined();
  // Loaded on the page while another experiment ran.
  expect(networkPath(undefined, { ran: { network: mine } })).toBeUndefined();
  expect(networkPath('a.safetensors', {})).toBe('a.safetensors');
});

test('another network than before is told', () => {
  const inputs = (loaded: LoadedFile) => ({ loaded });
  expect(otherNetwork(own, inputs(shipped))).toContain('ran with before (mine.safetensors, sha256:1)');
  expect(otherNetwork(own, inputs(mine))).toBeUndefined();
  expect(otherNetwork({}, inputs(shipped))).toBeUndefined();
  expect(otherNetwork(own, {})).toBeUndefined();
});

const chosen = (
  flags: Record<string, string>,
  base: Record<string, unknown> = {},
  path: string | undefined = 'a/m.fits',
) => inputOptions(shearExperiment, { images: path }, (flag) => flags[flag], base).images;
const sky = { 'image-axes': 'sky' };

test('choices about a file come from its flags, else from the run that is repeated with it', () => {
  expect(chosen({})).toEqual({});
  expect(chosen({ hdu: 'SCI', ...sky })).toEqual({ hdu: 'SCI', ...sky });
  const images = { name: 'm.fits', sha256: 'sha256:1', options: { hdu: '2', ...sky } };
  expect(chosen({ hdu: '1' }, { ran: { images } })).toEqual({ hdu: '1', ...sky });
  expect(chosen({}, { ran: { images: { ...images, name: 'other.fits' } } })).toEqual({});
  expect(() => chosen({ 'image-axes': 'up' })).toThrow('"up" is no choice; give pixel or sky');
  expect(() => inputOptions(shearExperiment, {}, () => 'SCI', {})).toThrow('it goes with --images, which is not given');
});

test('a run that is gone on with reads its file as it did', () => {
  const before = { images: { name: 'x.fits', sha256: 'sha256:1', options: sky } };
  expect(inputOptions(shearExperiment, { images: '/y/x.fits' }, () => undefined, {}, before).images).toEqual(sky);
});

test('what a file was found to be is told', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-inputs-'));
  const images = join(folder, 'moons.txt');
  writeFileSync(images, '0,1;0,2\n0,3;0,4\n');
  const told: string[] = [];
  const { files } = await readInputs(flowExperiment, { images }, {}, (sentence) => told.push(sentence));
  expect(told).toEqual(['moons.txt: 2 rows of 2 numbers; separated by semicolons; decimal commas.']);
  expect(Object.keys(files!)).toEqual(['images']);
  rmSync(folder, { recursive: true });
});

test('a folder of parts is read as one file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-inputs-'));
  try {
    const sample = join(folder, 'sample');
    mkdirSync(sample);
    writeFileSync(join(sample, 'matrix.mtx'), '%%MatrixMarket matrix coordinate integer general\n2 1 1\n2 1 7\n');
    writeFileSync(join(sample, 'barcodes.tsv'), 'AAAC-1\n');
    writeFileSync(join(sample, 'genes.tsv'), '1\tX\n2\tY\n');
    writeFileSync(join(sample, 'web_summary.html'), '');
    const taking = { files: [dataRole as unknown as FileRole] };
    const told: string[] = [];
    const { files } = await readInputs(taking, { data: sample }, {}, (sentence) => told.push(sentence));
    expect(files?.data).toMatchObject({ name: 'sample.zip', table: { genes: ['X', 'Y'], cellNames: ['AAAC-1'] } });
    expect(told[0]).toMatch(/^sample\.zip: 1 cells × 2 genes/);
    await expect(readInputs(taking, { data: folder })).rejects.toThrow('is a folder without a file for it');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
