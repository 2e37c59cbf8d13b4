import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeCsv } from '../../../bundle/csv.ts';
import { runPython } from '../../../bundle/fixtures/tools.ts';
import type { BundleFile } from '../../../bundle/types.ts';
import { runCli } from '../../../cli/program.ts';
import { posteriorFiles } from '../../../results/posterior/files.ts';
import { NO_FIT, type PosteriorItem } from '../../../results/posterior/item.ts';
import { summarizeItem } from '../../../results/posterior/summary.ts';
import { normalQuantile } from '../../../stats/normal.ts';
import { SHINE_SUMMARY_COLUMNS } from '../shine/files.ts';
import { shineForms } from '../shine/forms.ts';
import { SHINE_THRESHOLDS } from '../shine/thresholds.ts';
import { shearWorkload } from '../workload.ts';
import { addShearCommands } from './index.ts';

const COUNT = 30;
const SNR = 100;
const script = fileURLToPath(new URL('fixtures/write_shine.py', import.meta.url));
let scratch: string;
let known: { mean: number; std: number };
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'lockstep-statistics-'));
  known = JSON.parse(runPython(script, at('shine'), String(COUNT), String(SNR)));
});
afterAll(() => rmSync(scratch, { recursive: true }));
const at = (...path: string[]) => join(scratch, ...path);

async function cli(...args: string[]) {
  const text = { out: '', err: '' };
  const sink = (key: 'out' | 'err') => ({
    write: (part: string) => {
      text[key] += part;
    },
  });
  const io = { out: sink('out'), err: sink('err'), onInterrupt: () => () => {} };
  return {
    code: await runCli(args, { registry: [shearWorkload], io, version: '1', commands: [addShearCommands] }),
    ...text,
  };
}

const extract = (input: string, output = 'summary.csv') =>
  cli('extract', '--input-dir', at(input), '--output', at(output));
const stats = (...more: string[]) => cli('stats', '--input', at('summary.csv'), '--output-dir', at('out'), ...more);
const results = () => JSON.parse(readFileSync(at('out', 'bias_results.json'), 'utf8'));
const PRIORS = ['--prior-g1', '0.02,0.05', '--prior-g2', '-0.01,0.05'];

describe('a folder that SHINE wrote', () => {
  test('is summarized in its columns and order, with numpy’s mean and std', async () => {
    const { code, out } = await extract('shine');
    expect(code).toBe(0);
    expect(out).toContain(`${COUNT} realizations`);
    const { header, rows } = decodeCsv('summary.csv', readFileSync(at('summary.csv'), 'utf8'));
    expect(header).toEqual(SHINE_SUMMARY_COLUMNS);
    expect(rows).toHaveLength(COUNT);
    expect(rows.map(([runId]) => runId)).toEqual(readdirSync(at('shine')).sort());
    const first = rows.find(([runId]) => runId.endsWith('_s42'))!;
    const cell = (name: string) => first[header.indexOf(name)];
    expect(Number(cell('g1_mean'))).toBeCloseTo(known.mean, 12);
    expect(Number(cell('g1_std'))).toBeCloseTo(known.std, 12);
    expect([cell('g1_true'), cell('g2_true'), cell('seed')]).toEqual(['-0.05', '0.01', '42']);
    expect([cell('divergences'), cell('passed_convergence')]).toEqual(['0', 'True']);
  });

  test('gives SHINE’s keys, and a bias that shrinks with the prior and does not without it', async () => {
    const { code, out, err } = await stats('--posterior-dir', at('shine'), ...PRIORS);
    expect([code, err]).toEqual([0, '']);
    const json = results();
    expect(json).toMatchObject({ level: 'level_0', n_realizations: COUNT, n_converged: COUNT, overall_passed: false });
    expect(json.bias_g1).toHaveLength(COUNT);
    expect(Object.keys(json.bias_g1[0]).sort()).toEqual(['c', 'c_err', 'm', 'm_err', 'run_id']);
    const { g1, g2 } = json.pooled.parameters;
    // σ²/(σ² + 0.05²) at S/N 100 is 0.145.
    const sigma = 2.06 / SNR;
    const shrinkage = -(sigma ** 2) / (sigma ** 2 + 0.05 ** 2);
    expect(Math.abs(g1.naive.m - shrinkage)).toBeLessThan(4 * g1.naive.m_err_jackknife);
    expect(Math.abs(g1.corrected.m)).toBeLessThan(4 * g1.corrected.m_err);
    expect(g1.corrected.m - g1.naive.m).toBeGreaterThan(0.1);
    expect([g2.naive, g2.corrected.m]).toEqual([null, null]);
    expect(Math.abs(g2.corrected.c)).toBeLessThan(4 * g2.corrected.c_err);
    expect(g1.coverage.map(({ n_total }: { n_total: number }) => n_total)).toEqual([COUNT, COUNT]);
    expect(g1.sbc.counts.reduce((a: number, b: number) => a + b)).toBe(COUNT);
    expect(readdirSync(at('out', 'plots')).sort()).toEqual(expect.arrayContaining(['ranks-g1.svg', 'recovery-g1.svg']));
    expect(out).toContain('prior taken out');
    expect(out).toMatch(/passes \|m\| ≤ 0.01 with probability 0\.\d+/);
  });

  test('says what it cannot know without run.json or posteriors', async () => {
    const { code, err } = await stats();
    expect(code).toBe(0);
    expect(err).toContain('--prior-g1');
    const { g1 } = results().pooled.parameters;
    expect([g1.corrected, g1.sbc]).toEqual([null, null]);
    expect(g1.coverage[0].n_total).toBe(COUNT);
  });

  test('takes priors from a run.json beside the posteriors', async () => {
    cpSync(at('shine'), at('with-run'), { recursive: true });
    const params = {
      g1PriorMean: 0.02,
      g1PriorSigma: 0.05,
      g2PriorMean: -0.01,
      g2PriorSigma: 0.05,
      truthSource: 'prior',
    };
    writeFileSync(at('with-run', 'run.json'), JSON.stringify({ params }));
    const given = results;
    await stats('--posterior-dir', at('shine'), ...PRIORS);
    const { corrected } = given().pooled.parameters.g1;
    expect((await stats('--posterior-dir', at('with-run'))).err).toBe('');
    expect(results().pooled.parameters.g1.corrected).toEqual(corrected);
    expect(results().pooled.truths_from_prior).toBe(true);
  });
});

describe('what a table does not know', () => {
  test('seeds that no truth.json gives are empty, and errors are finite all the same', async () => {
    cpSync(at('shine'), at('seedless'), { recursive: true });
    for (const id of readdirSync(at('seedless'))) {
      const path = at('seedless', id, 'truth.json');
      const { seed: _, ...truth } = JSON.parse(readFileSync(path, 'utf8'));
      writeFileSync(path, JSON.stringify(truth));
    }
    await extract('seedless', 'seedless.csv');
    const text = readFileSync(at('seedless.csv'), 'utf8');
    expect(text.trim().split('\n')[1]).toMatch(/,True,$/);
    const run = (name: string) => cli('stats', '--input', at(name), '--output-dir', at('out'));
    const expected = (await run('summary.csv')).out;
    expect(expected).not.toContain('NaN');
    const seedless = await run('seedless.csv');
    expect(seedless.out).toBe(expected);
    expect(seedless.err).toMatch(/seeds are missing, or the same in every row.*independent/);
    // As earlier versions wrote it.
    writeFileSync(at('zeros.csv'), text.replaceAll(/,True,$/gm, ',True,0'));
    const zeros = await run('zeros.csv');
    expect(zeros.out).toBe(expected);
    expect(zeros.err).toContain('seeds are missing, or the same in every row');
    expect(results().pooled.parameters.g1.naive.m_err_jackknife).toBeGreaterThan(0);
  });

  test('images that model and noise do not describe are carried along and told', async () => {
    cpSync(at('shine'), at('unfit'), { recursive: true });
    const [first] = readdirSync(at('unfit')).sort();
    // Python's word for no number is read, too.
    writeFileSync(at('unfit', first, 'convergence.json'), '{"rhat": {"g1": NaN}, "unfit": true}');
    await extract('unfit', 'unfit.csv');
    const { header, rows } = decodeCsv('unfit.csv', readFileSync(at('unfit.csv'), 'utf8'));
    expect(header).toEqual([...SHINE_SUMMARY_COLUMNS, 'unfit']);
    expect(rows.map((row) => row.at(-1))).toEqual(['True', ...Array(COUNT - 1).fill('')]);
    const { err } = await cli('stats', '--input', at('unfit.csv'), '--output-dir', at('out'));
    expect(err).toContain(
      `do not describe the image of 1 of ${COUNT}: ${first}. m, c and coverage are not to be believed`,
    );
    expect(results().n_unfit).toBe(1);
  });
});

describe('posteriors of a flow', () => {
  test.each(['as this version labels them', 'as earlier ones did'])('pass as independent draws, %s', async (which) => {
    const [id] = readdirSync(at('shine'));
    const draws = 500;
    const normal = (i: number) => normalQuantile((((i * 197) % draws) + 0.5) / draws);
    const item: PosteriorItem = {
      info: { index: 0, runId: id, seed: 42, truth: { g1: 0.02, g2: 0.01 } },
      chains: 1,
      draws,
      sampling: 'independent',
      parameters: ['g1', 'g2'].map((name, k) => ({
        name,
        values: Float64Array.from({ length: draws }, (_, i) => 0.02 + 0.01 * normal(i + 7 * k)),
      })),
      stats: [],
      fit: NO_FIT,
      gradients: 1,
    };
    const options = { sampler: { method: 'flow', independent: true, records: [] }, looser: SHINE_THRESHOLDS } as const;
    const forms = which.startsWith('as this') ? shineForms() : {};
    const summary = summarizeItem(item, 1, options);
    const run = {
      title: 'Flow',
      appVersion: '1',
      preset: 'stamps',
      params: {},
      itemName: { one: 'observation', many: 'observations' },
      ownData: false,
      parameters: [],
      items: [item],
      summaries: [summary],
      precision: 'f32',
      pieceBytes: 1 << 20,
    };
    const folder = which.replaceAll(' ', '-');
    for (const entry of posteriorFiles(options, forms).itemFiles(run, item, summary)) {
      const { path, bytes } = (await entry.make()) as BundleFile;
      mkdirSync(dirname(at(folder, path)), { recursive: true });
      writeFileSync(at(folder, path), bytes);
    }
    const { code, out } = await extract(folder, 'flow.csv');
    expect([code, out]).toEqual([0, expect.stringContaining('1 realizations, 1 pass')]);
    const { header, rows } = decodeCsv('flow.csv', readFileSync(at('flow.csv'), 'utf8'));
    const cell = (name: string) => rows[0][header.indexOf(name)];
    // SHINE's own rule for draws of variational inference: R̂ is noted as 1.
    expect([cell('rhat_g1'), cell('passed_convergence')]).toEqual(['1.0', 'True']);
    expect(Number(cell('ess_g1'))).toBeGreaterThan(100);
    const json = JSON.parse(readFileSync(at(folder, id, 'convergence.json'), 'utf8'));
    expect(json).toMatchObject({ n_samples: draws, n_chains: 1, divergences: 0, bfmi: [], ess: { g1: draws } });
    expect(Math.abs(json.rhat.g1 - 1)).toBeLessThan(0.05);
    // The run's own table is one that `stats` takes.
    const table = shineForms().summaryCsv!([item], [summary], ['g1', 'g2']);
    writeFileSync(at('own.csv'), table);
    expect(table.split('\n')[0]).toBe([...SHINE_SUMMARY_COLUMNS, 'rejected_frac'].join(','));
    expect((await cli('stats', '--input', at('own.csv'), '--output-dir', at('out'))).code).toBe(0);
  });
});

describe('what is wrong is said, and the exit code tells', () => {
  test('folders that are missing or empty', async () => {
    mkdirSync(at('empty'), { recursive: true });
    for (const [folder, part] of [
      ['absent', 'cannot read'],
      ['empty', 'no posterior.nc found'],
    ]) {
      const { code, err } = await extract(folder, 'none.csv');
      expect(err).toContain(`--input-dir: ${part}`);
      expect(code).toBe(2);
      expect((await stats('--posterior-dir', at(folder))).err).toContain(part);
    }
    expect(readdirSync(scratch)).not.toContain('none.csv');
    expect((await cli('stats', '--input', at('absent.csv'), '--output-dir', at('out'))).err).toContain('absent.csv');
    expect((await cli('extract', '--input-dir', at('shine'))).code).toBe(2);
  });

  test('one broken realization is named and left out, the others are kept, the code is 1', async () => {
    const [a, b, c, d] = readdirSync(at('shine'));
    for (const id of [a, b, c, d]) cpSync(at('shine', id), at('broken', id), { recursive: true });
    writeFileSync(at('broken', a, 'posterior.nc'), 'no netCDF');
    rmSync(at('broken', b, 'truth.json'));
    writeFileSync(at('broken', c, 'truth.json'), '{"g1": 0.01}');
    const { code, err } = await extract('broken', 'kept.csv');
    expect(code).toBe(1);
    for (const id of [a, b, c]) expect(err).toContain(id);
    expect(readFileSync(at('kept.csv'), 'utf8').trim().split('\n')).toHaveLength(2);
  });

  test('tables without a column, with text for a number, with NaN', async () => {
    const good = readFileSync(at('summary.csv'), 'utf8');
    const run = async (text: string) => {
      writeFileSync(at('bad.csv'), text);
      return cli('stats', '--input', at('bad.csv'), '--output-dir', at('bad-out'));
    };
    const missing = await run(good.replace('g1_std', 'g1_sigma'));
    expect([missing.code, missing.err]).toEqual([2, expect.stringContaining('no column g1_std')]);
    const lines = good.trim().split('\n');
    const withCell = (text: string) =>
      [lines[0], lines[1].replace(/^([^,]*,[^,]*,[^,]*),[^,]*/, `$1,${text}`), ...lines.slice(2)].join('\n');
    const word = await run(withCell('large'));
    expect([word.code, word.err]).toEqual([2, expect.stringContaining('column g1_mean: "large" is no number')]);
    const twice = await run([...lines, lines[1]].join('\n'));
    expect(twice.err).toContain('appears twice');
    expect(readdirSync(scratch)).not.toContain('bad-out');
    const nan = await run(withCell('nan'));
    expect(nan.code).toBe(0);
    expect(nan.err).toContain(`1 of ${COUNT} rows hold NaN`);
    expect(nan.err).toContain(lines[1].split(',')[0]);
  });

  test('a level and a prior that do not exist', async () => {
    expect((await stats('--level', 'level_9')).code).toBe(2);
    const { code, err } = await stats('--prior-g1', '0.02');
    expect([code, err]).toEqual([2, expect.stringContaining('--prior-g1')]);
  });
});
