import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FileError } from './file-error.ts';
import { netcdfPython } from './fixtures/tools.ts';
import { ManifestBuilder } from './manifest.ts';
import { verifyBundle } from './read-bundle.ts';
import { type AnyFile, textFile } from './types.ts';
import { sortFiles, zipBundle } from './zip.ts';

const folder = mkdtempSync(join(tmpdir(), 'lockstep-read-bundle-'));
afterAll(() => rmSync(folder, { recursive: true }));

const noise = Uint8Array.from({ length: 300_000 }, (_, i) => (Math.imul(i + 1, 2654435761) >>> 13) & 255);
const RUN = '{"workload": "shear", "seed": 42}';

/** The bundle's files by path, the manifest included. */
async function contents(): Promise<Record<string, Uint8Array>> {
  const manifest = new ManifestBuilder();
  const files = [textFile('a/truth.json', '{}'), { path: 'a/posterior.nc', bytes: noise }, textFile('run.json', RUN)];
  for (const file of files) manifest.note(file);
  return Object.fromEntries([...files, manifest.finish(RUN).file].map(({ path, bytes }) => [path, bytes]));
}

async function exported(): Promise<Uint8Array<ArrayBuffer>> {
  const manifest = new ManifestBuilder();
  async function* files(): AsyncGenerator<AnyFile> {
    const plain: AnyFile[] = [textFile('run.json', RUN), textFile('a/truth.json', '{}')];
    const streamed = { path: 'posterior_all.nc', pieces: pieces() };
    for (const file of sortFiles([...plain, streamed])) yield manifest.note(file);
    yield manifest.finish(RUN).file;
  }
  async function* pieces() {
    yield noise.slice(0, 100_000);
    yield noise.slice(100_000);
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of zipBundle(files())) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}

const open = (bytes: Uint8Array) => verifyBundle('run.zip', new Blob([bytes as Uint8Array<ArrayBuffer>]));
const zip = (files: Record<string, Uint8Array>) => zipSync(files, { level: 6 });

/** Changes every occurrence of a name in an archive to another of the same length. */
function renamed(bytes: Uint8Array, from: string, to: string): Uint8Array {
  return Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll(from, to), 'latin1');
}

/** Position of the directory's entry for a path. */
function directoryEntry(bytes: Uint8Array, path: string): number {
  return Buffer.from(bytes).lastIndexOf(path) - 46;
}

test('the exported archive opens: streamed, stored and deflated files verified one by one, in order', async () => {
  const seen: string[] = [];
  const blob = new Blob([await exported()]);
  const bundle = await verifyBundle('run.zip', blob, {
    onProgress: (done, total, file) => seen.push(`${done}/${total} ${file}`),
  });
  expect(seen).toEqual(['1/3 a/truth.json', '2/3 posterior_all.nc', '3/3 run.json']);
  expect(Buffer.from(await bundle.bytes('posterior_all.nc')).equals(noise)).toBe(true);
  expect(await bundle.json('run.json')).toEqual({ workload: 'shear', seed: 42 });
  await expect(bundle.bytes('absent')).rejects.toThrow('absent is missing');
});

describe('a folder zipped by somebody else', () => {
  beforeAll(async () => {
    netcdfPython();
    for (const [path, bytes] of Object.entries(await contents())) {
      mkdirSync(dirname(join(folder, 'results', path)), { recursive: true });
      writeFileSync(join(folder, 'results', path), bytes);
    }
  });

  test.each([
    ['with the folder', 'results'],
    ['without the folder', '.'],
  ])('%s, by Python, with entries for folders', async (_, base) => {
    const script = 'import shutil, sys; shutil.make_archive(sys.argv[1], "zip", sys.argv[2], sys.argv[3])';
    const root = base === '.' ? join(folder, 'results') : folder;
    execFileSync(netcdfPython(), ['-c', script, join(folder, `by-python-${base.length}`), root, base]);
    const bundle = await open(readFileSync(join(folder, `by-python-${base.length}.zip`)));
    expect(bundle.manifest.files.map(({ path }) => path)).toEqual(['a/posterior.nc', 'a/truth.json', 'run.json']);
  });

  test('with what macOS and Python leave behind', async () => {
    const inside = Object.entries(await contents()).map(([path, bytes]) => [`run/${path}`, bytes]);
    const litter = ['run/.DS_Store', '__MACOSX/run/._run.json', 'run/__pycache__/load.cpython-311.pyc'];
    const files = Object.fromEntries([...inside, ...litter.map((path) => [path, noise.slice(0, 10)])]);
    expect((await open(zip(files))).manifest.files).toHaveLength(3);
  });
});

describe('refused by name, with what to do', () => {
  const big = new Uint8Array(8 * 1024 ** 2);
  const cases: [string, () => Promise<Uint8Array> | Uint8Array, RegExp][] = [
    ['no zip', () => Buffer.from('this is a shopping list'), /it is no zip archive/],
    ['a truncated archive', async () => zip(await contents()).slice(0, 5000), /truncated: the archive ends after 5000/],
    [
      'an archive cut in its directory',
      async () => {
        const whole = zip(await contents());
        return Buffer.concat([whole.slice(0, directoryEntry(whole, 'run.json') + 20), whole.slice(-22)]);
      },
      /directory is not where it says/,
    ],
    ['a zip of something else', () => zip({ 'a.txt': noise }), /no manifest.json/],
    ['an empty archive', () => zip({}), /no manifest.json/],
    [
      'a missing file',
      async () => {
        const { 'a/truth.json': _, ...rest } = await contents();
        return zip(rest);
      },
      /a\/truth\.json is missing/,
    ],
    [
      'a file too many',
      async () => zip({ ...(await contents()), 'b/posterior.nc': noise }),
      /b\/posterior\.nc is not in its/,
    ],
    [
      'one changed byte',
      async () => {
        const files = await contents();
        const changed = files['a/posterior.nc'].slice();
        changed[123_456] ^= 1;
        return zip({ ...files, 'a/posterior.nc': changed });
      },
      /a\/posterior\.nc was changed/,
    ],
    [
      'a flipped byte in the packed data',
      async () => {
        const bytes = zip(await contents());
        bytes[Buffer.from(bytes).indexOf('a/posterior.nc') + 200] ^= 16;
        return bytes;
      },
      /a\/posterior\.nc/,
    ],
    [
      'a name that differs between directory and entry',
      async () => {
        const bytes = zip(await contents());
        bytes[Buffer.from(bytes).indexOf('run.json')] ^= 1;
        return bytes;
      },
      /run\.json is not where the directory says/,
    ],
    [
      'another length',
      async () => zip({ ...(await contents()), 'a/posterior.nc': noise.slice(1) }),
      /a\/posterior\.nc has 299999 bytes, its manifest says 300000/,
    ],
    [
      'a manifest with another result id',
      async () => {
        const files = await contents();
        const text = new TextDecoder().decode(files['manifest.json']);
        const changed = text.replace(
          /("result_id": "sha256:)./,
          (_, start) => `${start}${text.includes(`${start}0`) ? 1 : 0}`,
        );
        return zip({ ...files, 'manifest.json': new TextEncoder().encode(changed) });
      },
      /result id in manifest\.json is not that of its files/,
    ],
    [
      'another version of the layout',
      async () =>
        zip({ 'manifest.json': new TextEncoder().encode('{"schema": "lockstep-bundle", "schema_version": 9}') }),
      /layout has version 9/,
    ],
    [
      'a manifest of something else',
      () => zip({ 'manifest.json': new TextEncoder().encode('[]') }),
      /not that of a Lockstep/,
    ],
    [
      'a manifest that is no JSON',
      () => zip({ 'manifest.json': new TextEncoder().encode('{') }),
      /manifest.json is not JSON/,
    ],
    ...[
      ['../../x', '"../../x" leads out of its folder'],
      ['/etc/xy', '"/etc/xy" has an absolute path'],
      ['C:/wind', '"C:/wind" names a drive'],
      ['a\\..\\bc', 'has a backslash'],
      ['a//bcde', 'has an empty part'],
      ['a/./bcd', 'has an empty part'],
      ['abc\nefg', 'has control characters'],
    ].map(([path, what]): [string, () => Promise<Uint8Array>, RegExp] => [
      `the path ${JSON.stringify(path)}`,
      async () =>
        renamed(zip({ ...(await contents()), ['@'.repeat(path.length)]: noise }), '@'.repeat(path.length), path),
      new RegExp(what.replaceAll('.', '\\.').replaceAll('/', '\\/')),
    ]),
    [
      'a path of a thousand characters',
      async () => zip({ ...(await contents()), ['x'.repeat(1000)]: noise }),
      /has a path of 1000 characters/,
    ],
    [
      'a name that is there twice',
      async () => renamed(zip({ ...(await contents()), 'run.jsom': noise }), 'run.jsom', 'run.json'),
      /"run\.json" is there twice/,
    ],
    ['a zip bomb', async () => zip({ ...(await contents()), bomb: big }), /bomb would grow from \d+ to 8388608 bytes/],
    [
      'an entry that unpacks to more than it declares',
      async () => {
        const bytes = zip({ ...(await contents()), 'a/posterior.nc': big.map((_, i) => noise[i % 1000]) });
        new DataView(bytes.buffer).setUint32(directoryEntry(bytes, 'a/posterior.nc') + 24, 1000, true);
        return bytes;
      },
      /a\/posterior\.nc holds more than the 1000 bytes it declares/,
    ],
    [
      'totals beyond what a zip can hold',
      async () => {
        const bytes = zip({
          ...(await contents()),
          ...Object.fromEntries(['b', 'c', 'd'].map((p) => [`${p}.huge`, noise])),
        });
        for (const p of ['b', 'c', 'd']) {
          const at = directoryEntry(bytes, `${p}.huge`);
          new DataView(bytes.buffer).setUint32(at + 20, 2 ** 31 - 1, true);
          new DataView(bytes.buffer).setUint32(at + 24, 2 ** 31 - 1, true);
        }
        return bytes;
      },
      /unpack to more than 4294967296 bytes/,
    ],
    [
      'entries that share their bytes',
      async () => {
        const bytes = zip({ ...(await contents()), 'z.nc': noise });
        const view = new DataView(bytes.buffer);
        const from = view.getUint32(directoryEntry(bytes, 'a/posterior.nc') + 42, true);
        view.setUint32(directoryEntry(bytes, 'z.nc') + 42, from, true);
        return bytes;
      },
      /overlaps what comes after it/,
    ],
    [
      'a huge directory',
      async () => {
        const bytes = zip(await contents());
        const padded = Buffer.concat([bytes.slice(0, -22), new Uint8Array(65 * 1024 ** 2), bytes.slice(-22)]);
        padded.writeUInt32LE(padded.length - 22 - padded.readUInt32LE(padded.length - 6), padded.length - 10);
        return padded;
      },
      /its directory has \d+ bytes, and at most/,
    ],
    [
      'a manifest far larger than that of its files',
      async () => {
        const list = new TextEncoder().encode(`[${Array.from({ length: 200_000 }, (_, i) => `{"${i}":{}}`).join()}]`);
        return zip({ ...(await contents()), 'manifest.json': list });
      },
      /manifest\.json has \d+ bytes, and at most 10240 are read/,
    ],
    [
      'a configuration nested without end',
      async () => {
        const run = `{"a": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
        const manifest = new ManifestBuilder();
        manifest.note(textFile('run.json', run));
        return zip({ 'run.json': textFile('run.json', run).bytes, 'manifest.json': manifest.finish(RUN).file.bytes });
      },
      /run\.json is not JSON \(it is nested more than 200 levels deep\)/,
    ],
    [
      'an encrypted entry',
      async () => {
        const bytes = zip(await contents());
        bytes[directoryEntry(bytes, 'run.json') + 8] |= 1;
        return bytes;
      },
      /run\.json is encrypted/,
    ],
    [
      'another way of packing',
      async () => {
        const bytes = zip(await contents());
        bytes[directoryEntry(bytes, 'run.json') + 10] = 12;
        return bytes;
      },
      /run\.json is packed by method 12/,
    ],
  ];

  test.each(cases)('%s', async (_, make, message) => {
    const refused = await open(await make()).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(FileError);
    expect((refused as Error).message).toMatch(message);
    expect((refused as Error).message).toMatch(/^run\.zip: /);
    expect((refused as FileError).advice).toMatch(/\.$/);
  });
});

test('verifying stops when told', async () => {
  const abort = new AbortController();
  const blob = new Blob([await exported()]);
  const verified = verifyBundle('run.zip', blob, { signal: abort.signal, onProgress: () => abort.abort() });
  await expect(verified).rejects.toThrow(/abort/i);
});
