/** Small files as people have them, and hostile ones: what the command line makes of each. They make themselves. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { smallPosterior } from '../../src/bundle/fixtures/posterior.ts';
import { writeHdf5 } from '../../src/bundle/hdf5.ts';
import { writePosteriorNetcdf } from '../../src/bundle/netcdf.ts';
import { encodeNpy } from '../../src/bundle/npy.ts';
import { compressedUnit, concat, emptyPrimary, imageUnit } from '../../src/bundle/test-support/fits.ts';

export interface Case {
  readonly name: string;
  /** Makes its files in an empty folder, and says the arguments. */
  args(folder: string): string[] | Promise<string[]>;
  readonly code: number;
  /** What standard error and output say, in this order. */
  readonly says: RegExp;
}

const SIDE = 16;
const STAMP = SIDE * SIDE;
/** Round galaxies with some structure for noise; nobody asks how good the fit is. */
const stamps = (count: number) =>
  Float32Array.from({ length: count * STAMP }, (_, i) => {
    const [y, x] = [Math.floor((i % STAMP) / SIDE) - 7.5, (i % SIDE) - 7.5];
    return 20 * Math.exp(-(x * x + y * y) / 18) + 0.1 * Math.sin(i * i);
  });

function put(folder: string, name: string, data: string | Uint8Array): string {
  writeFileSync(join(folder, name), data);
  return join(folder, name);
}

const SHEAR = [
  ...['run', '--profile', 'gaussian', '--psf-sigma-arcsec', '0.1', '--cpu', '--draws', '8', '--warmup', '8'],
  ...['--rescue', 'false'],
];
const shear = (folder: string, images: string, ...more: string[]) => [
  ...[...SHEAR, '--images', images, ...more, '--output-dir', join(folder, 'out')],
];
const npy = (folder: string, count: number) => put(folder, 'stamps.npy', encodeNpy(stamps(count), [count, SIDE, SIDE]));

/** Stamps with a table of truths. */
const truths = (name: string, count: number, text: string, code: number, says: RegExp): Case => ({
  name,
  args: (folder) => shear(folder, npy(folder, count), '--truth', put(folder, 't.csv', text)),
  code,
  says,
});
const fits = (name: string, bytes: () => Uint8Array, code: number, says: RegExp): Case => ({
  name,
  args: (folder) => shear(folder, put(folder, 'stamps.fits', bytes())),
  code,
  says,
});
const headerOf = (text: string, data: Uint8Array = new Uint8Array()) => {
  const padded = text.padEnd(64 * Math.ceil((text.length + 11) / 64) - 11);
  const head = new TextEncoder().encode(`\x00NUMPY\x01\x00\x00\x00${padded}\n`);
  head[0] = 0x93;
  new DataView(head.buffer).setUint16(8, padded.length + 1, true);
  return concat(head, data);
};
const array = (name: string, header: string): Case => ({
  name,
  args: (folder) => shear(folder, put(folder, 'x.npy', headerOf(header, new Uint8Array(24)))),
  code: 2,
  says: /error: x\.npy: the header does not describe one plain array\. Save it with np\.save/,
});

const FLOW = ['run', '--workload', 'flow', '--task', 'two_moons', '--n-samples', '16', '--cpu'];
const observations = (name: string, text: string, code: number, says: RegExp): Case => ({
  name,
  args: (folder) => [...FLOW, '--images', put(folder, 'obs.csv', text), '--output-dir', join(folder, 'out')],
  code,
  says,
});

function safetensors(header: unknown, data: Uint8Array = new Uint8Array()): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setUint32(0, text.length, true);
  return concat(length, text, data);
}
const network = (name: string, bytes: () => Uint8Array, says: RegExp): Case => ({
  name,
  args: (folder) => [
    ...[...FLOW, '--network', put(folder, 'n.safetensors', bytes()), '--output-dir', join(folder, 'out')],
  ],
  code: 2,
  says,
});

/** A folder of one posterior, summarized. */
const posterior = (name: string, bytes: () => Promise<Uint8Array>, says: RegExp): Case => ({
  name,
  async args(folder) {
    mkdirSync(join(folder, 'in/r0'), { recursive: true });
    put(folder, 'in/r0/truth.json', '{"g1": 0.01, "g2": 0, "seed": 1}');
    put(folder, 'in/r0/posterior.nc', await bytes());
    return ['extract', '--input-dir', join(folder, 'in'), '--output', join(folder, 'summary.csv')];
  },
  code: 1,
  says,
});

/** Declares 64 million values and holds none. */
const bomb = () =>
  writeHdf5(0, (file) => {
    const group = file.create_group('posterior', true);
    const variable = group.create_dataset({
      ...{ name: 'g1', data: new Float64Array(0), shape: [0, 0], maxshape: [null, null], chunks: [64, 64] },
      ...{ dtype: '<d', compression: 'gzip' as const },
    });
    variable.resize([8192, 8192]);
  });

/** One byte of it, a length inside a heap, sends HDF5 into a loop without end. */
async function endless(): Promise<Uint8Array> {
  const bytes = await writePosteriorNetcdf(smallPosterior());
  bytes[2136] = 255;
  return bytes;
}

const WIDE = 200_000;
const row = (of: (i: number) => string) => `${Array.from({ length: WIDE }, (_, i) => of(i)).join(',')}\n`;

export const cases: readonly Case[] = [
  truths(
    'truths, np.savetxt’s header',
    2,
    '# g1,g2\n0.03,-0.02\n-0.04,0.05\n',
    0,
    /with g1, g2;[\s\S]*g1_-0\.0400_g2_\+0\.0500/,
  ),
  truths(
    'truths, capitals',
    2,
    'G1,G2,x,y\n0.03,-0.02,8,8\n-0.04,0.05,8,8\n',
    0,
    /with g1, g2, x, y;[\s\S]*g1_-0\.0400_g2_\+0\.0500/,
  ),
  truths(
    'truths, a row of nothing',
    4,
    'g1,g2\n0.01,0\n,\n0.03,0\n0.04,0\n',
    0,
    /1 of them without a value[\s\S]*g1_\+0\.0400_g2_\+0\.0000_s45/,
  ),
  truths(
    'truths, −99 for unknown',
    2,
    'g1,g2\n0.03,-0.02\n-99,-99\n',
    2,
    /error: --truth: t\.csv: .*image 1.* -99 is not allowed; g1 is from -0\.9 to 0\.9\. Leave a cell empty/,
  ),
  truths(
    'truths, hexadecimal',
    2,
    'g1,seed\n0x10,0b11\n',
    2,
    /error: t\.csv: line 2, column g1: "0x10" is no finite number\./,
  ),
  truths(
    'truths, commas alone',
    2,
    ',\n,\n',
    2,
    /error: t\.csv: the first line, ",", names no columns\. Put a header line on top/,
  ),
  truths(
    'truths, a column __proto__',
    1,
    '__proto__,g1\n0.5,0.1\n',
    0,
    /nothing reads its column __proto__[\s\S]*0\.1000+ →/,
  ),
  truths(
    `truths, ${WIDE} columns`,
    1,
    row((i) => `c${i}`) + row(() => '1'),
    2,
    /error: --truth: t\.csv has none of the columns g1, g2/,
  ),
  fits(
    'FITS, one stamp a unit',
    () => concat(imageUnit(stamps(1), [SIDE, SIDE], {}, true), imageUnit(stamps(1), [SIDE, SIDE])),
    0,
    /stamps\.fits: 2 images of 16 × 16/,
  ),
  fits(
    'FITS, compressed images before their weights',
    () =>
      concat(
        ...[emptyPrimary, compressedUnit([SIDE, SIDE], { EXTNAME: 'SCI' })],
        imageUnit(stamps(1).fill(100), [SIDE, SIDE], { EXTNAME: 'WHT' }),
      ),
    2,
    /error: stamps\.fits: SCI \(HDU 1, 16 × 16\) is tile-compressed.* funpack/,
  ),
  array('npy, a key twice', "{'descr': '<f4', 'fortran_order': False, 'shape': (6,), 'shape': (2, 3), }"),
  array('npy, an empty dimension', "{'descr': '<f4', 'fortran_order': False, 'shape': (2,,3), }"),
  observations(
    'observations, pandas’ names 0, 1',
    '0,1\n-0.64,0.16\n-0.1,-0.3\n0.2,0.1\n',
    0,
    /obs\.csv: 3 rows of 2 numbers; line 1, whole numbers from 0, names the columns[\s\S]*3 of 3/,
  ),
  observations(
    'observations, a first row of nan',
    'nan,nan\n1,2\n3,4\n',
    2,
    /error: obs\.csv: line 1, column 1: "nan" is no finite number\./,
  ),
  observations(
    'observations, a quote left open at the end',
    '1,2\n3,"4',
    2,
    /error: obs\.csv: not readable as CSV: .*line 2.*Mend the quotes/,
  ),
  observations(
    'observations, a quote left open',
    '1,2\n3,4\n"5,6\n7,8\n',
    2,
    /error: obs\.csv: not readable as CSV: .*line 3.*Mend the quotes/,
  ),
  observations(
    `observations, ${WIDE} columns`,
    row(() => '1'),
    2,
    /error: --images: obs\.csv has shape \[1, 200000\], and Two moons takes \[n, 2\]/,
  ),
  network(
    'safetensors, null for metadata',
    () => safetensors({ __metadata__: null }),
    /error: n\.safetensors: its header has null for its metadata\./,
  ),
  network(
    'safetensors, lengths that a 0 hides',
    () => safetensors({ a: { dtype: 'F32', shape: [0, 2 ** 53 - 1, 2 ** 53 - 1], data_offsets: [0, 0] } }),
    /error: n\.safetensors: a has an impossible shape/,
  ),
  network(
    'safetensors, 4,000 tensors over the same bytes',
    () => {
      const one = { dtype: 'F32', shape: [250_000], data_offsets: [0, 1_000_000] };
      return safetensors(
        Object.fromEntries(Array.from({ length: 4000 }, (_, i) => [`t${i}`, one])),
        new Uint8Array(1_000_000),
      );
    },
    /error: n\.safetensors: t0 and t1 lie over the same bytes\./,
  ),
  posterior(
    'netCDF, some kilobytes that declare 8192 × 8192 values',
    bomb,
    /posterior\.nc: g1 declares 8192 × 8192 values, 536870912 bytes, and the file's \d+ bytes cannot hold them\./,
  ),
  posterior(
    'netCDF, damage that HDF5 never ends with',
    endless,
    /posterior\.nc: HDF5 did not come to an end with it within [\d.]+ s/,
  ),
];
