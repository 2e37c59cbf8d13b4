import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import { runPython } from './fixtures/tools.ts';
import { type BundleFile, textFile } from './types.ts';
import { sortFiles, type ZipProgress, zipBundle } from './zip.ts';

const folder = mkdtempSync(join(tmpdir(), 'lockstep-zip-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Repeats at long distances: what fflate's streaming deflate gets wrong. */
const noise = Uint8Array.from({ length: 70_000 }, (_, i) => (Math.imul(i + 1, 2654435761) >>> 13) & 255);
const files: BundleFile[] = sortFiles([
  textFile('summary.csv', 'run_id\nä\n'),
  { path: 'g1_+0.0100_g2_+0.0000_s42/posterior.nc', bytes: noise },
  textFile('g1_+0.0100_g2_+0.0000_s42/truth.json', '{}'),
  { path: 'empty.bin', bytes: new Uint8Array(0) },
  textFile('README.md', '# Run\n'.repeat(1000)),
]);

async function pack(...args: Parameters<typeof zipBundle>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of zipBundle(...args)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('zipBundle', () => {
  it('opens in Python with every byte in place, sorted, at a fixed time', async () => {
    const path = join(folder, 'run.zip');
    writeFileSync(path, await pack(files));
    const script = join(folder, 'read.py');
    writeFileSync(
      script,
      [
        'import hashlib, json, sys, zipfile',
        'z = zipfile.ZipFile(sys.argv[1])',
        'assert z.testzip() is None',
        'print(json.dumps([[i.filename, i.file_size, list(i.date_time)] for i in z.infolist()]))',
        'print(hashlib.sha256(z.read("g1_+0.0100_g2_+0.0000_s42/posterior.nc")).hexdigest())',
      ].join('\n'),
    );
    const [entries, hash] = runPython(script, path).trim().split('\n');
    expect(JSON.parse(entries)).toEqual(files.map((f) => [f.path, f.bytes.length, [1980, 1, 1, 0, 0, 0]]));
    const { sha256Of } = await import('./sha256.ts');
    expect(`sha256:${hash}`).toBe(sha256Of(noise));
  });

  it('is byte-identical when written twice, from a list or one by one', async () => {
    async function* oneByOne() {
      for (const file of files) {
        await new Promise((resolve) => setTimeout(resolve, 3));
        yield file;
      }
    }
    const once = await pack(files);
    expect(Buffer.compare(once, await pack(oneByOne()))).toBe(0);
    expect(Object.keys(unzipSync(once))).toEqual(files.map((f) => f.path));
  });

  it('takes the next file only when the last has been handed on, so that memory stays flat', async () => {
    let taken = 0;
    function* many() {
      for (let i = 0; i < 100; i++) {
        taken++;
        yield { path: `run${String(i).padStart(3, '0')}/posterior.nc`, bytes: noise };
      }
    }
    const takenAtChunk: number[] = [];
    for await (const _ of zipBundle(many())) takenAtChunk.push(taken);
    // A file's header and data arrive as chunks while that file is the last one taken.
    for (let i = 1; i <= 100; i++) expect(takenAtChunk).toContain(i);
    expect(takenAtChunk[0]).toBe(1);
  });

  it('reports progress and stops when told', async () => {
    const seen: ZipProgress[] = [];
    await pack(files, { onProgress: (progress) => seen.push(progress) });
    expect(seen.map((progress) => progress.path)).toEqual(files.map((f) => f.path));
    expect(seen.at(-1)?.bytesIn).toBe(files.reduce((sum, f) => sum + f.bytes.length, 0));
    const controller = new AbortController();
    const stopped = pack(files, { signal: controller.signal, onProgress: () => controller.abort() });
    await expect(stopped).rejects.toThrow(/abort/i);
  });

  it('refuses files out of order, repeated or with unsafe paths; the manifest may come last', async () => {
    const named = (...paths: string[]) => pack(paths.map((path) => textFile(path, path)));
    await expect(named('b', 'a')).rejects.toThrow('"a" comes after "b"; give files sorted by path');
    await expect(named('a', 'a')).rejects.toThrow('"a" appears twice');
    for (const path of ['../a', '/a', 'a//b', 'a\\b', 'C:a', './a']) {
      await expect(named(path), path).rejects.toThrow('is no path for a bundle');
    }
    expect(Object.keys(unzipSync(await named('a', 'z', 'manifest.json')))).toEqual(['a', 'z', 'manifest.json']);
    await expect(named('a', 'manifest.json', 'b')).rejects.toThrow('sorted');
  });
});
