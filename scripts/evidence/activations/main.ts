/**
 * A model of a gigabyte from the command line: how much memory the process takes at most, and whether it generates. Arguments: the folder in
 * which models are made and removed again, then a runtime's command line (node or deno with its flags) behind `--`.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { markdownTable } from '../table.ts';
import { type FolderShape, writeModelFolder } from './folder.ts';

interface Case extends FolderShape {
  readonly precision: string;
  readonly title: string;
}

const CASES: readonly Case[] = [
  { title: 'SmolLM2-135M', layers: 30, dtype: 'BF16', shards: 1, precision: 'bf16-storage' },
  { title: 'SmolLM2-135M', layers: 30, dtype: 'F32', shards: 2, precision: 'f32' },
  { title: 'the same with 62 blocks', layers: 62, dtype: 'F32', shards: 4, precision: 'bf16-storage' },
];
const TEXTS = ['The sun rose over the hill', 'Nobody came to the party'];
const TOKENS = 8;
/** How often the system is asked for the most that the process took, which it keeps. */
const LOOK_MS = 100;

const [place, script] = process.argv.slice(2);
const rows = [];
for (const each of CASES) rows.push(await measure(each));
console.log(
  markdownTable(['model', 'weights, MB', 'on the device', 'peak memory, MB', 'seconds', 'tokens of each text'], rows),
);

async function measure({ title, precision, ...shape }: Case): Promise<string[]> {
  const folder = await mkdtemp(join(place, 'activations-'));
  try {
    const model = join(folder, 'model');
    const bytes = await writeModelFolder(model, shape);
    const [positive, negative, output] = ['pos.txt', 'neg.txt', 'out'].map((name) => join(folder, name));
    await writeFile(positive, `${TEXTS[0]}\n`);
    await writeFile(negative, `${TEXTS[1]}\n`);
    const flags = ['--model', model, '--positive', positive, '--negative', negative, '--precision', precision];
    const more = ['--max-new-tokens', String(TOKENS), '--batch-size', '2', '--output-dir', output];
    const begin = performance.now();
    const peak = await peakOf([script, 'run', '--workload', 'activations', ...flags, ...more]);
    const seconds = (performance.now() - begin) / 1000;
    const summary = await readFile(join(output, 'summary.csv'), 'utf8');
    const [header, ...lines] = summary.trim().split('\n');
    const at = header.split(',').indexOf('tokens');
    const tokens = lines.map((line) => line.split(',')[at]).join(', ');
    return [title, (bytes / 1e6).toFixed(0), precision, (peak / 1e6).toFixed(0), seconds.toFixed(0), tokens];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Most bytes of physical memory that the process had at any time. */
function peakOf(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  let peak = 0;
  const look = setInterval(() => {
    try {
      const kept = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'));
      peak = Math.max(peak, Number(kept?.[1] ?? 0) * 1024);
    } catch {
      // It has ended.
    }
  }, LOOK_MS);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(look);
      if (code === 0) resolve(peak);
      else reject(new Error(`the command line ended with ${code}`));
    });
  });
}
