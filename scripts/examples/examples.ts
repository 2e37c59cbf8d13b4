/**
 * The files of `public/examples`: what somebody without data of their own tries an experiment's files with, on the page and on the command
 * line. All of them are simulated with one seed, so they come out equal to the byte.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { annDataPieces } from '../../src/bundle/anndata/write-h5ad.ts';
import { encodeCsv } from '../../src/bundle/csv.ts';
import { encodeFits } from '../../src/bundle/fits.ts';
import { encodeNpy } from '../../src/bundle/npy.ts';
import { findPreset } from '../../src/engine/config/run-config.ts';
import { toyCells } from '../../src/workloads/cells/toy/ann-data.ts';
import { columnNames, flowItems } from '../../src/workloads/flow/items.ts';
import { readFlowParams } from '../../src/workloads/flow/params.ts';
import { twoMoons } from '../../src/workloads/flow/tasks/two-moons.ts';
import { heldOutRows } from '../../src/workloads/flow/training/held-out-rows.ts';
import { decodeNetwork } from '../../src/workloads/flow/weights/network-file.ts';
import { contrastTexts, openTexts } from '../../src/workloads/language-models/stories/contrast.ts';
import type { Label } from '../../src/workloads/language-models/texts.ts';
import { shearExperiment } from '../../src/workloads/shear/experiment.ts';
import { observationsOf } from '../../src/workloads/shear/observations.ts';
import { prepareShear } from '../../src/workloads/shear/problem.ts';
import { root } from '../locate.mjs';

export const SEED = 42;
const CELLS = 200;
const ROWS = 64;

const text = (lines: readonly string[]) => new TextEncoder().encode(`${lines.join('\n')}\n`);
const table = (names: readonly string[], rows: readonly (readonly number[])[]) =>
  text([names.join(','), ...rows.map((row) => row.map((value) => String(Number(value.toPrecision(9)))).join(','))]);

/** Eight galaxies of the preset Quick under two shears, as a FITS cube whose header states pixel scale and noise, and their true values. */
function stamps(): Record<string, Uint8Array<ArrayBuffer>> {
  const preset = findPreset(shearExperiment, 'quick').params;
  const problem = prepareShear({ ...preset, shearGrid: [-0.02, 0.03], realizations: 4 }, SEED, {});
  const { items, params, spec } = problem;
  const { data } = observationsOf(problem);
  const size = spec.nx * spec.ny;
  const pixels = new Float32Array(items.length * size);
  for (const { index } of items) pixels.set(data(index), index * size);
  const names = ['g1', 'g2', 'x', 'y', 'seed'];
  return {
    'stamps.fits': encodeFits(pixels, [items.length, spec.ny, spec.nx], {
      GS_SCALE: params.pixelScaleArcsec,
      NOISESIG: params.noiseSigma,
    }),
    'stamps-truth.csv': table(
      names,
      items.map(({ truth, seed }) => names.map((name) => (name === 'seed' ? seed : truth[name]))),
    ),
  };
}

/** Twelve observations of the two moons with parameters from the prior, and those. */
function moons(): Record<string, Uint8Array<ArrayBuffer>> {
  const params = readFlowParams({ task: twoMoons.id, truthSource: 'prior', observations: 12 });
  const { items, observation } = flowItems(twoMoons, params, SEED, {});
  const names = columnNames(twoMoons);
  return {
    'two-moons.csv': table(
      Array.from({ length: twoMoons.xDim }, (_, i) => `x_${i + 1}`),
      items.map(({ index }) => Array.from(observation(index))),
    ),
    'two-moons-truth.csv': table(
      names,
      items.map(({ truth }) => names.map((name) => truth[name])),
    ),
  };
}

/** Rows of flow matching that the shipped network of the two moons has not been trained on: its inputs, then their velocities. */
function velocityRows(): Record<string, Uint8Array<ArrayBuffer>> {
  const name = `${twoMoons.id}.safetensors`;
  const network = decodeNetwork(name, new Uint8Array(readFileSync(join(root, 'public/networks', name))));
  const { inputs, outputs } = network.model.net;
  return { 'two-moons-rows.npy': encodeNpy(heldOutRows(network, twoMoons, ROWS, SEED), [ROWS, inputs + outputs]) };
}

/** Cells that the shipped network has not seen, as a file of single-cell work. */
async function cells(): Promise<Record<string, Uint8Array<ArrayBuffer>>> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const sizes = { together: 16_384, pieceBytes: 65_536 };
  for await (const piece of annDataPieces(toyCells(CELLS, SEED + 1), sizes)) pieces.push(piece);
  return { 'regulatory.h5ad': new Uint8Array(await new Blob(pieces).arrayBuffer()) };
}

/** The texts that ship with activations, as somebody has texts of a trait of their own, and openings that show nothing yet. */
function trait(): Record<string, Uint8Array<ArrayBuffer>> {
  const texts = contrastTexts();
  const prompts = (label: Label) => texts.filter((each) => each.label === label).map(({ prompt }) => prompt);
  const openings = openTexts().map(({ id, prompt, question }) => ({ id, text: prompt, note: question }));
  const columns = ['question', 'label', 'prompt'] as const;
  return {
    'happy-sad.csv': new TextEncoder().encode(
      encodeCsv(
        columns,
        texts.map((each) => columns.map((column) => each[column])),
      ),
    ),
    'happy-sad-positive.txt': text(prompts('positive')),
    'happy-sad-negative.txt': text(prompts('negative')),
    'openings.json': text([JSON.stringify({ name: 'Openings of stories', prompts: openings }, null, 2)]),
  };
}

/** Every file by its name. */
export async function examples(): Promise<Record<string, Uint8Array<ArrayBuffer>>> {
  return { ...stamps(), ...moons(), ...velocityRows(), ...(await cells()), ...trait() };
}
