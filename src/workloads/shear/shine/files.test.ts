import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runPython } from '../../../bundle/fixtures/tools.ts';
import { pythonJson } from '../../../bundle/python-text.ts';
import { type ShineConvergence, shineConvergenceJson, shineSummaryCsv, shineTruthJson } from './files.ts';

const folder = mkdtempSync(join(tmpdir(), 'lockstep-shine-'));
afterAll(() => rmSync(folder, { recursive: true }));

const convergence: ShineConvergence = {
  rhat: { g1: 1.0004, g2: 1 },
  ess: { g1: 498.25, g2: 512 },
  divergences: 0,
  divergenceFraction: 0,
  bfmi: [1.05, 0.98],
  samples: 640,
  chains: 2,
};

describe("SHINE's files", () => {
  it('writes truth.json and convergence.json as json.dump(indent=2) would', () => {
    const truth = shineTruthJson({ g1: 0.01, g2: 0, flux: 1000, hlr: 0.5, e1: 0, e2: 0, seed: 42 });
    expect(truth).toBe(
      '{\n  "g1": 0.01,\n  "g2": 0.0,\n  "flux": 1000.0,\n  "hlr": 0.5,\n  "e1": 0.0,\n  "e2": 0.0,\n  "seed": 42\n}',
    );
    expect(shineTruthJson({ seed: 7 })).toBe('{\n  "seed": 7\n}');
    const broken = { ...convergence, rhat: { g1: Number.NaN, g2: Number.POSITIVE_INFINITY }, bfmi: [] };
    const script = join(folder, 'dump.py');
    writeFileSync(script, 'import json, sys\nfor p in sys.argv[1:]: print(json.dumps(json.load(open(p)), indent=2))');
    const texts = [truth, shineConvergenceJson(convergence), shineConvergenceJson(broken), pythonJson(['ä', {}])];
    const paths = texts.map((text, i) => {
      const path = join(folder, `${i}.json`);
      writeFileSync(path, text);
      return path;
    });
    expect(runPython(script, ...paths)).toBe(`${texts.join('\n')}\n`);
    expect(Object.keys(JSON.parse(texts[1]))).toEqual([
      'rhat',
      'ess',
      'divergences',
      'divergence_frac',
      'bfmi',
      'n_samples',
      'n_chains',
    ]);
  });

  it("writes summary.csv in SHINE's columns", () => {
    const estimate = { mean: 0.0101, median: 0.01, std: 0.002 };
    const row = { runId: 'g1_+0.0100_g2_+0.0000_s42', g1: estimate, g2: estimate, convergence, passed: true };
    const text = shineSummaryCsv([
      { ...row, truth: { g1: 0.01, g2: 0, seed: 42 } },
      { ...row, runId: 'stamp_1', truth: { seed: 43 }, passed: false },
    ]);
    expect(text.split('\n')).toEqual([
      'run_id,g1_true,g2_true,g1_mean,g1_median,g1_std,g2_mean,g2_median,g2_std,rhat_g1,rhat_g2,ess_g1,ess_g2,divergences,divergence_frac,passed_convergence,seed',
      'g1_+0.0100_g2_+0.0000_s42,0.01,0.0,0.0101,0.01,0.002,0.0101,0.01,0.002,1.0004,1.0,498.25,512.0,0,0.0,True,42',
      'stamp_1,,,0.0101,0.01,0.002,0.0101,0.01,0.002,1.0004,1.0,498.25,512.0,0,0.0,False,43',
      '',
    ]);
  });
});
