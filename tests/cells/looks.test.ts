/** What the page is told of real cells and of rules, through the worker's protocol and without a device. */
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { filesOnDisk } from '../../src/cli/shipped-files.ts';
import { parseRunConfig } from '../../src/engine/config/run-config.ts';
import { jobOf } from '../../src/worker/client.ts';
import { connectClient } from '../../src/worker/test-support/connect-client.ts';
import type { DataTypes, FilmTypes } from '../../src/workloads/cells/jobs/look-types.ts';
import { cellsWorkload } from '../../src/workloads/cells/workload.ts';
import { setShippedFiles } from '../../src/workloads/shipped-files.ts';

const PUBLIC = new URL('../../public/', import.meta.url);
beforeAll(() => setShippedFiles(filesOnDisk(PUBLIC)));

const configOf = (params: Record<string, unknown>) =>
  parseRunConfig({ workload: 'cells', params: { model: 'mixture', ...params } }, [cellsWorkload]);

async function connect() {
  const client = connectClient({ registry: [cellsWorkload] });
  await client.init({ cpu: true });
  return {
    client,
    data: jobOf<DataTypes>(client, 'cells', 'data'),
    film: jobOf<FilmTypes>(client, 'cells', 'film'),
  };
}

describe('real cells', () => {
  test('are described with their labels, every gene once in order; one half is the other’s floor', async () => {
    const { data } = await connect();
    const real = await data.start({ config: configOf({}) });
    expect(real.cells).toBe(3000);
    expect([...real.order].sort((a, b) => a - b)).toEqual(real.genes.map((_, gene) => gene));
    expect(real.control).toBe('control');
    expect(real.perturbations.reduce((sum, { cells }) => sum + cells, 0)).toBe(3000);
    expect(real.floor.slope).toBeGreaterThan(0.9);
    // Targets of one regulator stand beside it.
    const place = (gene: string) => [...real.order].indexOf(real.genes.indexOf(gene));
    expect(Math.abs(place('A1') - place('A2'))).toBeLessThan(6);
  });

  test('are those of the file that is there when they are asked for', async () => {
    const { client, data } = await connect();
    const before = await data.start({ config: configOf({}) });
    const bytes = await readFile(new URL('examples/regulatory.h5ad', PUBLIC));
    await client.loadFile('cells', 'data', 'regulatory.h5ad', new Uint8Array(bytes).buffer);
    const after = await data.start({ config: configOf({}) });
    expect([before.cells, after.cells]).toEqual([3000, 200]);
    await client.clearFile('cells', 'data');
    expect((await data.start({ config: configOf({}) })).cells).toBe(3000);
  });
});

describe('a film', () => {
  test('of a right rule keeps how genes go together, and the origin’s forgets it', async () => {
    const { film } = await connect();
    const wish = { config: configOf({ rule: 'balanced', steps: 16 }), cells: 200, looks: 8 };
    const right = await film.start(wish);
    const origin = await film.start({ ...wish, rule: 'origin', steps: 16 });
    expect(right.agreement.slope).toBeGreaterThan(0.8 * right.exact.slope);
    expect(Math.abs(origin.agreement.slope)).toBeLessThan(0.1);
    expect(origin.agreement.meanR).toBeGreaterThan(0.95);
    expect(right.tokens).toHaveLength(8 * 64);
    // Nearly all of the origin's genes are there after one step, of the balanced rule 4 of 64 in each.
    expect(origin.revealedAt.every((step) => step === 1)).toBe(true);
    for (let step = 1; step <= 16; step++) expect(right.revealedAt.filter((at) => at === step)).toHaveLength(8 * 4);
  });

  test('of imputation begins with the known genes of a real cell', async () => {
    const { film } = await connect();
    const hidden = await film.start({
      config: configOf({ task: 'impute', hidden: 0.25, steps: 4 }),
      cells: 60,
      looks: 60,
    });
    const known = hidden.revealedAt.filter((step) => step === 0).length / hidden.revealedAt.length;
    // 960 of 3,840 genes hidden, with a standard deviation of 27.
    expect(Math.abs(known - 0.75)).toBeLessThan(0.035);
    // With three genes of four its own, a cell is nearly the real one.
    expect(hidden.agreement.slope).toBeGreaterThan(0.8);
  });
});
