/** Every reader of files that somebody gives, with good files to damage. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zipSync } from 'fflate';
import { readCounts } from '../../src/bundle/anndata/read-counts.ts';
import type { CountTable } from '../../src/bundle/anndata/types.ts';
import { decodeCsv } from '../../src/bundle/csv.ts';
import { writeDatasetNetcdf } from '../../src/bundle/dataset-netcdf.ts';
import { FileError } from '../../src/bundle/file-error.ts';
import { smallPosterior } from '../../src/bundle/fixtures/posterior.ts';
import { writeHdf5 } from '../../src/bundle/hdf5.ts';
import { loadImages } from '../../src/bundle/images.ts';
import { ManifestBuilder } from '../../src/bundle/manifest.ts';
import { writePosteriorNetcdf } from '../../src/bundle/netcdf.ts';
import { readGivenCounts, readGivenDataset, readGivenPosterior } from '../../src/bundle/netcdf-thread.ts';
import { decodeNpy, encodeNpy } from '../../src/bundle/npy.ts';
import { decodeNumberTable } from '../../src/bundle/number-table.ts';
import { verifyBundle } from '../../src/bundle/read-bundle.ts';
import { decodeSafetensors, encodeSafetensors } from '../../src/bundle/safetensors.ts';
import { sha256Of } from '../../src/bundle/sha256.ts';
import {
  annData,
  CELLS,
  DENSE,
  encode,
  GENES,
  put,
  putFrame,
  putSparse,
  putTexts,
  sparseOf,
} from '../../src/bundle/test-support/anndata.ts';
import { loadTruth } from '../../src/bundle/truth-table.ts';
import { textFile } from '../../src/bundle/types.ts';
import { readEarlier } from '../../src/cli/earlier-run.ts';
import { readResume } from '../../src/cli/resume.ts';
import { decodeSelfTests } from '../../src/cli/self-test-cache.ts';
import { selfTestLine } from '../../src/cli/self-test-lines.ts';
import { HEAD_FILE } from '../../src/engine/checkpoint/files.ts';
import { sealFrame } from '../../src/engine/checkpoint/frame.ts';
import { readCheckpoint } from '../../src/engine/checkpoint/read.ts';
import { fromJson, parseRunConfig } from '../../src/engine/config/run-config.ts';
import { fromUrl } from '../../src/engine/config/url-state.ts';
import { wholeBundle } from '../../src/engine/files/bundle-files.ts';
import { openBundle } from '../../src/engine/files/open-bundle.ts';
import { planRun } from '../../src/engine/plan/plan-run.ts';
import { RunController } from '../../src/engine/run/controller.ts';
import { gaussianWorkload } from '../../src/engine/test-support/gaussian.ts';
import { decodeResults, encodeResults } from '../../src/engine/tuner/memory.ts';
import { resultOf } from '../../src/engine/tuner/test-support/results.ts';
import { layoutOf, packArrays } from '../../src/results/arrays.ts';
import { readRunParams, readTruth } from '../../src/workloads/shear/commands/posterior-folder.ts';
import type { SelfTestCheck } from '../../src/workloads/workload.ts';
import { modelReaders } from './model-readers.ts';
import { joined } from './mutate.ts';
import type { Reader } from './reader.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const values = Float64Array.from({ length: 24 }, (_, i) => i / 7 - 1);

function requireValue(condition: boolean, what: string): void {
  if (!condition) throw new TypeError(`wrong value: ${what}`);
}

/** A FITS image of 32-bit floats, big-endian as the format has it. */
function fits(
  shape: readonly number[],
  first: 'SIMPLE' | null = 'SIMPLE',
  facts: Readonly<Record<string, number>> = {},
): Bytes {
  const card = (key: string, value: string | number) => `${key.padEnd(8)}= ${String(value).padStart(20)}`.padEnd(80);
  const axes = shape.toReversed().map((length, i) => card(`NAXIS${i + 1}`, length));
  const begin = first === 'SIMPLE' ? card(first, 'T') : `XTENSION= 'IMAGE   '`;
  const more = Object.entries(facts).map(([key, value]) => card(key, value));
  const header = [begin, card('BITPIX', -32), card('NAXIS', shape.length), ...axes, card('BZERO', '1.5'), ...more];
  const data = new DataView(new ArrayBuffer(2880));
  for (const [i, value] of values.entries()) data.setFloat32(4 * i, value);
  return joined(
    bytesOf(
      [...header, 'END']
        .map((line) => line.padEnd(80))
        .join('')
        .padEnd(2880),
    ),
    new Uint8Array(data.buffer),
  );
}

/** The same file with its values taken for columns first. */
function columnsFirst(npy: Bytes): Bytes {
  return new Uint8Array(Buffer.from(Buffer.from(npy).toString('latin1').replace('False', 'True '), 'latin1'));
}

/** Compressed and scaled, as others write. */
function packedPosterior(): Promise<Bytes> {
  return writeHdf5(0, (file) => {
    const group = file.create_group('posterior', true);
    for (const name of ['g1', 'g2']) {
      const data = Int32Array.from({ length: 80 }, (_, i) => i * i);
      const variable = group.create_dataset({ name, data, shape: [2, 40], chunks: [1, 20], compression: 'gzip' });
      variable.create_attribute('scale_factor', 0.01);
      variable.create_attribute('_FillValue', 4);
    }
  });
}

function bundle(): Bytes[] {
  const run = '{"workload": "shear", "seed": 42, "ran": {"items": [1, 2, {"a": null}]}}';
  const manifest = new ManifestBuilder();
  const files = [textFile('a/truth.json', '{}'), textFile('summary.csv', 'a,b\n1,2\n'), textFile('run.json', run)];
  for (const file of files) manifest.note(file);
  const all = Object.fromEntries([...files, manifest.finish(run).file].map(({ path, bytes }) => [path, bytes]));
  return ([0, 6] as const).map((level) => new Uint8Array(zipSync(all, { level })));
}

const datasetArrays = [
  { group: 'counts', name: 'heads', dims: ['throw', 'coin'], shape: [4, 6], values },
  { group: 'counts', name: 'kind', dims: ['coin'], shape: [6], values: Uint8Array.of(1, 2, 3, 4, 5, 6) },
];

const gaussian = gaussianWorkload();
let finished: Promise<{ files: Map<string, Bytes>; texts: Map<string, Bytes> }> | undefined;

/** A small run's bundle, and those of its files that are text and read. */
function finishedBundle(): NonNullable<typeof finished> {
  finished ??= (async () => {
    const given = { batch: { size: 3 }, params: { means: [0.5], repeats: 2, broken: [1] }, seed: 7 };
    const plan = planRun(gaussian, parseRunConfig(given, [gaussian]), {}, null);
    const run = new RunController({ plan, gpu: null, listener: {} });
    await run.run();
    const files = new Map<string, Bytes>();
    for await (const file of (await wholeBundle({ run, report: null })).files)
      if ('bytes' in file) files.set(file.path, new Uint8Array(file.bytes));
    files.delete('manifest.json');
    return { files, texts: new Map([...files].filter(([path]) => /^[a-z_]+\.(json|csv)$/.test(path))) };
  })();
  return finished;
}

/** @throws FileError where its run.json is no JSON: no hash could be right */
function resealed(files: ReadonlyMap<string, Bytes>): Blob {
  const manifest = new ManifestBuilder();
  for (const [path, bytes] of files) manifest.note({ path, bytes });
  try {
    const { file } = manifest.finish(textOf(files.get('run.json')!));
    return new Blob([new Uint8Array(zipSync({ ...Object.fromEntries(files), [file.path]: file.bytes }, { level: 0 }))]);
  } catch (error) {
    throw new FileError('run.json', (error as Error).message, 'Give JSON.');
  }
}

/** A file whose hash is right, whatever it holds: damage behind a good seal. */
const sealed = (body: Bytes): Bytes => joined(body, bytesOf(sha256Of(body)));

async function checkpointFiles(): Promise<Bytes[]> {
  const arrays = [
    { name: 'g1', dims: ['draw'], shape: [24], values },
    { name: 'one', dims: ['draw'], shape: [4], values: Float32Array.of(2, 2, 2, 2) },
  ];
  const packed = packArrays(arrays as unknown as Parameters<typeof packArrays>[0]);
  const info = { index: 0, runId: 'a', seed: 1, truth: { g1: 0.1 } };
  const head = joined(...(await sealFrame({ kind: 'head', items: 3, config: '{}', inputs: {} })));
  const chunk = await sealFrame(
    {
      kind: 'chunk',
      head: textOf(head.subarray(-71)),
      items: [{ info, about: {}, attempts: 1, layout: 0, bytes: packed.length }],
      layouts: [layoutOf(arrays as unknown as Parameters<typeof layoutOf>[0])],
      progress: null,
    },
    [packed],
  );
  return [head.slice(0, -71), joined(...chunk).slice(0, -71)];
}

async function readFrames(body: Bytes): Promise<void> {
  const [head] = await checkpointFiles();
  const file = sealed(body);
  const frames = new Map([
    [HEAD_FILE, sealed(head)],
    ['chunk-000000.lockstep', file],
  ]);
  const folder = {
    write: () => Promise.reject(new Error('it is read alone')),
    read: async (name: string) => frames.get(name) ?? Promise.reject(new Error(`there is no ${name}`)),
    names: async () => [...frames.keys()],
  };
  await readCheckpoint(folder);
  const asHead = (name: string) => (name === HEAD_FILE ? Promise.resolve(file) : folder.read(name));
  await readCheckpoint({ ...folder, read: asHead }).catch((error: Error) => {
    if (error.name !== 'DamagedError') throw error;
  });
}

const tables = [
  'index,g1,g2,seed\n0,-0.05,0.01,42\n1,,0.02,43\n',
  '# g1 g2\n3.0e-02 -2.0e-02\n-4.0e-02 5.0e-02\n',
  'g1;g2\r\n0,03;-0,02\r\n"-0,04";0,05\r\n',
  '\uFEFFx\ty\n1\t2\n3\t4\n',
].map(bytesOf);

const observations = [
  ...['1,-2.5\n0.3,4\n', 'id;x;y\r\n2;0,5;1,0\r\n1;0,25;-3,0\r\n', '# x y\n-6.4e-01 1.6e-01\n 2.0e-01  1.0e-01\n'],
  ...['0,1\n0.5,0.25\n0.125,1.5\n', '\uFEFFx\ty\n1\t2\n3\t4\n', 'x,y\n"1","2"\n3,4\n'],
].map(bytesOf);

const selfTests = JSON.stringify({
  schema: 'lockstep-self-test-1',
  entries: ['a', 'b'].map((key) => ({
    key,
    at: '2026-11-30T10:00:00.000Z',
    precisions: [{ precision: 'f32', passed: true, checks: ['sums', 'roots'].map(selfTestCheck) }],
  })),
});

function selfTestCheck(name: string): SelfTestCheck {
  return { name, precision: 'f32', measure: 'error', measured: 1e-7, allowed: 1e-6, reason: 'rounding', passed: true };
}

/** run.json and manifest.json as runs leave them. */
const bundleTexts = [
  '{"workload": "shear", "seed": 42, "params": {"realizations": 3}, "ran": {"version": "1", "images": {"name": "x", "sha256": "sha256:00"}}}',
  '{"schema": "lockstep-bundle-1", "result_id": "sha256:00", "files": [{"path": "r0/posterior.nc", "bytes": 3}, {"path": "run.json"}]}',
];

/** CSR with a categorical, dense and packed, and the layout of 10x. */
async function countFiles(): Promise<Bytes[]> {
  const labelled = annData((file) => {
    putSparse(file, 'X', sparseOf(DENSE));
    const obs = putFrame(file, 'obs', CELLS, ['type']);
    putFrame(file, 'var', GENES);
    const type = obs.create_group('type');
    encode(type, 'categorical', '0.2.0');
    put(type, 'codes', Int8Array.of(0, 1, -1, 1, 0, 0));
    putTexts(type, 'categories', ['B', 'T']);
  }, false);
  const packed = annData((file) => {
    const all = { name: 'X', data: Float32Array.from(DENSE.flat()), shape: [6, 4], chunks: [2, 4] };
    file.create_dataset({ ...all, dtype: '<f', compression: 'gzip' });
  });
  const tenX = writeHdf5(0, (file) => {
    const { data, indices, indptr } = sparseOf(DENSE);
    const matrix = file.create_group('matrix');
    for (const [name, values] of Object.entries({ data, indices, indptr, shape: [4, 6] }))
      put(matrix, name, Int32Array.from(values));
    putTexts(matrix, 'barcodes', CELLS);
    const features = matrix.create_group('features');
    for (const name of ['id', 'name']) putTexts(features, name, GENES);
  });
  return Promise.all([labelled, packed, tenX]);
}

function requireCounts({ cells, genes, cellNames, matrix, obs }: CountTable): void {
  const { rows, columns, starts, columnOf, counts } = matrix;
  requireValue(rows === cells && cellNames.length === cells && columns === genes.length, 'names of another number');
  requireValue(starts.length === rows + 1 && starts[rows] === counts.length, 'starts that do not fit');
  requireValue(columnOf.every((column) => column < columns) && counts.every((count) => count > 0), 'a count of none');
  for (const column of obs)
    if (column.kind === 'labels')
      requireValue(
        column.codes.every((code) => code >= -1 && code < column.labels.length),
        'a label that is none',
      );
}

export const readers: readonly Reader[] = [
  {
    name: 'npy',
    files: () => [
      encodeNpy(Float32Array.from(values), [2, 3, 4]),
      encodeNpy(values, [24]),
      columnsFirst(encodeNpy(new Float32Array(6), [2, 3])),
    ],
    read(bytes) {
      const { shape, data } = decodeNpy('x.npy', bytes);
      requireValue(data.length === shape.reduce((product, n) => product * n, 1), `${shape} of ${data.length}`);
      requireValue(data.length <= bytes.length, 'more values than bytes');
    },
  },
  {
    name: 'npz',
    files: () =>
      ([0, 6] as const).map((level) => new Uint8Array(zipSync({ 'a.npy': encodeNpy(values, [2, 3, 4]) }, { level }))),
    read: (bytes) => readStack('x.npz', bytes),
  },
  {
    name: 'FITS',
    files: () => [
      fits([2, 3, 4]),
      fits([4, 6], 'SIMPLE', { CD1_1: -5e-5, CD1_2: 1e-6, CD2_1: 1e-6, CD2_2: 5e-5, GAIN: 2, CRVAL1: 10 }),
      joined(fits([4, 6]), fits([4, 6], null, { PCOUNT: 0, GCOUNT: 1 })),
    ],
    read: (bytes) => readStack('x.fits', bytes),
  },
  {
    name: 'table of observations',
    files: () => observations,
    read(bytes) {
      const { shape, data } = decodeNumberTable('x.csv', bytes);
      requireValue(data.length === shape[0] * shape[1] && data.every(Number.isFinite), 'a number that is none');
    },
  },
  {
    name: 'table of truths',
    files: () => tables,
    async read(bytes) {
      const { rows } = await loadTruth('x.csv', bytes);
      requireValue(
        rows.length > 0 && rows.every((row) => Object.values(row).every(Number.isFinite)),
        'a number that is none',
      );
    },
  },
  {
    name: 'netCDF',
    files: async () => [
      await writePosteriorNetcdf(smallPosterior()),
      await writePosteriorNetcdf(smallPosterior(2, 40)),
      await packedPosterior(),
    ],
    async read(bytes) {
      const { chains, draws, parameters, stats } = await readGivenPosterior(bytes, 'x.nc');
      requireValue(
        [...parameters, ...stats].every((each) => each.values.length === chains * draws),
        'columns of another length',
      );
    },
  },
  { name: 'bundle', files: bundle, read: (bytes) => verifyBundle('x.zip', new Blob([bytes])) },
  {
    name: 'file of a bundle whose hashes are right',
    files: async () => [...(await finishedBundle()).texts.values()],
    async read(bytes, at) {
      const { files, texts } = await finishedBundle();
      const path = [...texts.keys()][at];
      await openBundle('x.zip', resealed(new Map(files).set(path, bytes)), [gaussian]);
    },
  },
  {
    name: 'table of a bundle',
    files: () => [bytesOf('a,b\n1,2\n'), bytesOf('run_id,"g1, g2"\r\n"x ""y""",0.5\r\n')],
    read(bytes) {
      const { header, rows } = decodeCsv('x.csv', textOf(bytes));
      requireValue(
        rows.every((row) => row.length === header.length),
        'rows of another length',
      );
    },
  },
  {
    name: 'netCDF of arrays',
    files: async () => [await writeDatasetNetcdf(datasetArrays, {})],
    async read(bytes) {
      const arrays = await readGivenDataset('x.nc', bytes, datasetArrays);
      requireValue(
        arrays.every((each, i) => each.values.length === datasetArrays[i].values.length),
        'arrays of another size',
      );
    },
  },
  {
    name: 'table of counts, HDF5',
    files: countFiles,
    read: async (bytes) => requireCounts(await readGivenCounts('x.h5ad', bytes)),
  },
  {
    name: 'table of counts, text',
    files: () => {
      const bytes = bytesOf(
        '%%MatrixMarket matrix coordinate integer general\n% a\n3 4 4\n1 1 5\n3 4 70000\n2 2 1\n1 3 2\n',
      );
      const names = {
        'barcodes.tsv': bytesOf('a\nb\nc\nd\n'),
        'features.tsv': bytesOf('1\tx\tGene Expression\n2\ty\n3\tz\n'),
      };
      return [bytes, gzipSync(bytes, { mtime: 0 }), zipSync({ 'matrix.mtx': bytes, ...names }, { level: 0 })].map(
        (each) => new Uint8Array(each),
      );
    },
    read: async (bytes, at) => requireCounts(await readCounts(['x.mtx', 'x.mtx.gz', 'x.zip'][at], bytes)),
  },
  {
    name: 'safetensors',
    files: () => [
      encodeSafetensors({
        tensors: new Map([
          ['a.weight', { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }],
          ['b', { shape: [2], data: Float32Array.of(7, 8) }],
        ]),
        metadata: { task: 'two_moons', training: '{"step": 3}' },
      }),
    ],
    read(bytes) {
      const { tensors } = decodeSafetensors('x', bytes);
      const all = [...tensors.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
      requireValue(all <= 2 * bytes.length, 'more numbers than bytes');
    },
  },
  {
    name: 'run.json',
    files: () => [
      bytesOf(
        '{"workload": "shear", "seed": 42, "precision": "f32", "batch": {"size": "auto"}, "params": {"realizations": 3, "shearGrid": [0.01, -0.02]}}',
      ),
      bytesOf('{"workload": "flow", "preset": "moons", "params": {}, "ran": {"files": {"images": {"name": "x"}}}}'),
    ],
    read: (bytes) => fromJson(textOf(bytes)),
  },
  { name: 'checkpoint', lenient: true, files: checkpointFiles, read: readFrames },
  {
    name: 'tuning cache',
    lenient: true,
    files: () => [bytesOf(encodeResults([resultOf(), resultOf({ serial: undefined })]))],
    read: (bytes) =>
      requireValue(
        decodeResults(textOf(bytes)).every((each) => each.recommended > 0),
        'a chunk of none',
      ),
  },
  {
    name: 'cache of self-tests',
    lenient: true,
    files: () => [bytesOf(selfTests)],
    read(bytes) {
      for (const { at: testedAt, precisions } of decodeSelfTests(textOf(bytes))) {
        const line = selfTestLine({ adapter: 'x', precisions, durationMs: 0, testedAt }, 'f32');
        requireValue(/^Self-test f32(: not tried| passed on )/.test(line), line);
      }
    },
  },
  {
    name: 'link',
    lenient: true,
    files: () =>
      ['?preset=quick&seed=7&batch=16&draws=640&shearGrid=0.01,-0.02', '?workload=flow&sizes=flow.chunk:64'].map(
        bytesOf,
      ),
    read(bytes) {
      const { config, problems } = fromUrl(textOf(bytes));
      parseRunConfig(config);
      requireValue(
        problems.every(({ name, message }) => name.length + (message?.length ?? 0) < 1000),
        'a long notice',
      );
    },
  },
  {
    name: 'truth.json and run.json of a folder',
    files: () => [bytesOf('{"g1": 0.01, "g2": -0.02, "seed": 42}'), bytesOf('{"params": {"noiseSigma": 0.1}}')],
    read: (bytes, at) =>
      inFolder(async (folder) => {
        await mkdir(join(folder, 'r0'));
        await writeFile(join(folder, at === 0 ? 'r0/truth.json' : 'run.json'), bytes);
        if (at === 1) return void (await readRunParams([folder]));
        const truth = await readTruth(folder, 'r0');
        requireValue(Object.values(truth).every(Number.isFinite), 'a truth that is no number');
      }),
  },
  {
    name: 'run.json and manifest.json of an earlier run',
    files: () => bundleTexts.map(bytesOf),
    read: (bytes, at) =>
      inFolder(async (folder) => {
        const names = ['run.json', 'manifest.json'];
        for (const [i, name] of names.entries()) await writeFile(join(folder, name), i === at ? bytes : bundleTexts[i]);
        const earlier = await readEarlier(folder, 'a question', []);
        requireValue(earlier !== undefined && !earlier.same, 'no earlier run, or the same');
        await readResume(folder);
      }),
  },
  ...modelReaders,
];

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-fuzz-'));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function readStack(name: string, bytes: Bytes): Promise<void> {
  const { n, ny, nx, pixels } = await loadImages(name, bytes);
  requireValue(pixels.length === n * ny * nx && pixels.every(Number.isFinite), 'pixels that are none');
}
