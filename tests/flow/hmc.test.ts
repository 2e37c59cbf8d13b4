/** The shipped network's posteriors of GalSim's stamps against HMC's, and both against the exact ones. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ImageStack, loadImages } from '../../src/bundle/images.ts';
import type { GpuContext } from '../../src/gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';
import {
  compareWithHmc,
  distanceFromHmc,
  type HmcComparison,
  hmcPosteriors,
} from '../../src/workloads/flow/evaluation/hmc.ts';
import { hmcCells, hmcCsv, hmcMarkdown } from '../../src/workloads/flow/evaluation/hmc-table.ts';
import { gaussian } from '../../src/workloads/flow/tasks/gaussian.ts';
import { shear } from '../../src/workloads/flow/tasks/shear.ts';
import { decodeNetwork } from '../../src/workloads/flow/weights/network-file.ts';

const STAMPS = 2;
const settings = { solver: 'midpoint', steps: 20, precision: 'f32' } as const;
/** What the summaries lose moves a mean by 0.019 of the width (rms). */
const LOST = 0.019;
/** What the network gets wrong, shift and ratio: docs/flow-shear.md. */
const NETWORK = { shift: 0.05, ratio: 0.06 };

const read = (path: string) => new Uint8Array(readFileSync(new URL(path, import.meta.url)));

let gpu: GpuContext;
let images: ImageStack;
let rows: readonly HmcComparison[];
beforeAll(async () => {
  gpu = await openTestContext();
  const stack = await loadImages('noisy-stamps.npy', read('../shear/fixtures/noisy-stamps.npy'));
  images = { ...stack, n: STAMPS, pixels: stack.pixels.subarray(0, STAMPS * stack.nx * stack.ny) };
  const { model } = decodeNetwork('shear.safetensors', read('../../public/networks/shear.safetensors'));
  const hmc = await hmcPosteriors(gpu, images, 42, 250);
  rows = await compareWithHmc({ gpu, task: shear, model, images, settings, hmc, samples: 400, seed: 1 });
});
afterAll(closeTestContexts);

describe('posteriors of the shear', () => {
  it('are compared for every stamp and parameter', () => {
    expect(rows.map(({ stamp, parameter }) => `${stamp} ${parameter}`)).toEqual(['0 g1', '0 g2', '1 g1', '1 g2']);
  });

  it('are exact where HMC has them: means within 4 standard errors and what the summaries lose, widths within 4 standard errors and 1 %', () => {
    for (const row of rows) {
      const { shift, shiftError, ratio, ratioError } = distanceFromHmc(row, row.exact);
      expect(shiftError).toBeLessThan(0.06);
      expect(Math.abs(shift)).toBeLessThan(4 * Math.hypot(shiftError, LOST));
      expect(Math.abs(ratio - 1)).toBeLessThan(4 * ratioError + 0.01);
    }
  });

  it('follow the flow: within 4 standard errors and what the network gets wrong', () => {
    for (const row of rows) {
      const { shift, shiftError, ratio, ratioError } = distanceFromHmc(row, row.flow);
      expect(Math.abs(shift)).toBeLessThan(4 * Math.hypot(shiftError, LOST) + NETWORK.shift);
      expect(Math.abs(ratio - 1)).toBeLessThan(4 * ratioError + NETWORK.ratio);
    }
  });

  it('make a table of all of them, with errors, and one row for all', () => {
    const compared = [{ name: 'shear.safetensors', settings, rows }];
    const cells = hmcCells(compared);
    expect(cells).toHaveLength(rows.length + 1);
    const shifts = rows.map((row) => distanceFromHmc(row, row.flow).shift);
    expect(cells.at(-1)![7]).toBe(`+${Math.sqrt(shifts.reduce((sum, shift) => sum + shift ** 2, 0) / 4).toFixed(3)}`);
    expect(hmcMarkdown(compared).split('\n')).toHaveLength(rows.length + 4);
    expect(hmcCsv(compared).split('\n')[1]).toContain(`shear.safetensors,midpoint,20,f32,0,g1,${rows[0].hmc.mean}`);
  });
});

it('says what HMC has no model of', async () => {
  await expect(hmcPosteriors(gpu, { ...images, nx: 32, ny: 72 }, 1)).rejects.toThrow(
    'noisy-stamps.npy has stamps of 72 × 32 pixels; the task has 48 × 48',
  );
  const nothing = { gpu, model: undefined as never, images, settings, hmc: [], samples: 1, seed: 1 };
  await expect(compareWithHmc({ ...nothing, task: gaussian })).rejects.toThrow('HMC has no model of the task gaussian');
});
