import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallPosterior } from './fixtures/posterior.ts';
import { ncdumpHeader, runPython } from './fixtures/tools.ts';
import { writePosteriorNetcdf } from './netcdf.ts';
import { sha256Of } from './sha256.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'lockstep-netcdf-'));
const path = join(folder, 'posterior.nc');
const input = smallPosterior();
afterAll(() => rmSync(folder, { recursive: true }));

interface Seen {
  root: Record<string, string>;
  groups: Record<
    'posterior' | 'sample_stats',
    {
      attrs: Record<string, string>;
      sizes: Record<string, number>;
      coords: Record<string, number[]>;
      variables: Record<string, { dims: string[]; dtype: string; values: (number | boolean)[] }>;
    }
  >;
}

const ENGINES = ['netcdf4', 'h5netcdf'];

describe('posterior.nc', () => {
  let seenBy: Record<string, Seen>;
  beforeAll(async () => {
    writeFileSync(path, await writePosteriorNetcdf(input));
    seenBy = JSON.parse(runPython(join(here, 'fixtures/read_posterior.py'), path, ...ENGINES));
  });

  it.each(ENGINES)('opens with xarray through %s, dimensions and values as written', (engine) => {
    const seen = seenBy[engine];
    expect(seen.root).toEqual(input.attributes);
    for (const [name, columns] of [
      ['posterior', input.parameters],
      ['sample_stats', input.stats],
    ] as const) {
      const group = seen.groups[name];
      expect(group.attrs).toEqual({ inference_method: 'hmc' });
      expect(group.sizes).toEqual({ chain: 3, draw: 5 });
      expect(group.coords).toEqual({ chain: [0, 1, 2], draw: [0, 1, 2, 3, 4] });
      expect(Object.keys(group.variables)).toEqual(columns.map((column) => column.name));
      for (const column of columns) {
        const variable = group.variables[column.name];
        expect(variable.dims).toEqual(['chain', 'draw']);
        expect(variable.values.map(Number), column.name).toEqual([...column.values]);
      }
    }
    expect(seen.groups.posterior.variables.x.dtype).toBe('float64');
    const { lp, n_steps, diverging } = seen.groups.sample_stats.variables;
    expect([lp.dtype, n_steps.dtype, diverging.dtype]).toEqual(['float32', 'int32', 'bool']);
  });

  it('has the header that netcdf-c expects', () => {
    const header = ncdumpHeader(path);
    expect(header).toContain('group: posterior {');
    expect(header).toContain('double x(chain, draw) ;');
    expect(header).toContain('float lp(chain, draw) ;');
    expect(header).toContain('int n_steps(chain, draw) ;');
    expect(header).toContain('byte diverging(chain, draw) ;');
    expect(header).toContain('diverging:dtype = "bool" ;');
    expect(header).toContain(':inference_method = "hmc" ;');
    expect(header).toContain(':created_at = "2026-11-21T00:00:00Z" ;');
  });

  it('has equal bytes for equal input, whenever it is written', async () => {
    const first = await writePosteriorNetcdf(input);
    // HDF5 counts seconds.
    const second = () => Math.floor(Date.now() / 1000);
    const then = second();
    while (second() === then) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(sha256Of(await writePosteriorNetcdf(smallPosterior()))).toBe(sha256Of(first));
  });

  it('leaves the clock running, also after an error', async () => {
    await writePosteriorNetcdf(input);
    await expect(writePosteriorNetcdf({ ...input, attributes: { ...input.attributes, history: '' } })).rejects.toThrow(
      'Attribute history is empty',
    );
    const before = Date.now();
    // Hangs where the clock was left stopped.
    while (Date.now() === before) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(Date.now()).toBeGreaterThan(before);
  });

  it('has the same bytes from Deno', async () => {
    const script = `
      const { writePosteriorNetcdf } = await import(${JSON.stringify(`${here}netcdf.ts`)});
      const { smallPosterior } = await import(${JSON.stringify(`${here}fixtures/posterior.ts`)});
      const { sha256Of } = await import(${JSON.stringify(`${here}sha256.ts`)});
      console.log(sha256Of(await writePosteriorNetcdf(smallPosterior())));`;
    const root = fileURLToPath(new URL('../..', import.meta.url));
    const out = execFileSync(join(root, 'node_modules/.bin/deno'), ['run', '-A', '--no-lock', '--no-remote', '-'], {
      cwd: root,
      input: script,
      encoding: 'utf8',
    });
    expect(out.trim()).toBe(sha256Of(await writePosteriorNetcdf(input)));
  });

  it('refuses columns that do not fit, by name', async () => {
    const [g1] = input.parameters;
    const bad = (parameters: typeof input.parameters) => writePosteriorNetcdf({ ...input, parameters });
    await expect(bad([{ name: 'g1', values: new Float64Array(14) }])).rejects.toThrow(
      'posterior/g1 has 14 values; chains × draws is 15',
    );
    await expect(bad([g1, g1])).rejects.toThrow('the name "g1" is taken');
    await expect(bad([{ ...g1, name: 'draw' }])).rejects.toThrow('the name "draw" is taken');
    await expect(bad([{ ...g1, name: 'a/b' }])).rejects.toThrow('"a/b" is no netCDF name');
    await expect(writePosteriorNetcdf({ ...input, attributes: { created_at: 'today' } })).rejects.toThrow('no date');
  });
});
