import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runPython } from './fixtures/tools.ts';
import { canonicalJson, type JsonValue } from './json.ts';
import { pythonFloat, pythonJson } from './python-text.ts';
import { Sha256Stream, sha256Of } from './sha256.ts';
import { type ShineConvergence, shineConvergenceJson, shineSummaryCsv, shineTruthJson } from './shine.ts';

const folder = mkdtempSync(join(tmpdir(), 'lockstep-text-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('canonicalJson', () => {
  it('follows the example of RFC 8785', () => {
    const value = {
      numbers: [333333333.3333333, 1e30, 4.5, 2e-3, 1e-27],
      string: '€$\u000f\nA\'B"\\\\"/',
      literals: [null, true, false],
    };
    expect(canonicalJson(value, 0)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });
  it('sorts keys by code units, digits too, and leaves out undefined', () => {
    expect(canonicalJson({ 9: 1, 10: 2, b: { d: 1, c: [] }, a: undefined, B: {} }, 0)).toBe(
      '{"10":2,"9":1,"B":{},"b":{"c":[],"d":1}}',
    );
    expect(canonicalJson({ b: [1, { a: 2 }], a: -0 })).toBe(
      '{\n  "a": 0,\n  "b": [\n    1,\n    {\n      "a": 2\n    }\n  ]\n}\n',
    );
  });
  it('names what JSON cannot hold', () => {
    expect(() => canonicalJson({ a: [1, { m: Number.NaN }] })).toThrow('$.a[1].m is NaN');
    expect(() => canonicalJson({ a: new Float32Array(2) as unknown as JsonValue })).toThrow(
      '$.a is [object Float32Array]',
    );
  });
});

describe('sha256Of', () => {
  it('agrees with another implementation, whole and in pieces', () => {
    const bytes = Uint8Array.from({ length: 100_003 }, (_, i) => (i * 31) & 255);
    const expected = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    expect(sha256Of(bytes)).toBe(expected);
    const stream = new Sha256Stream();
    for (let i = 0; i < bytes.length; i += 977) stream.update(bytes.subarray(i, i + 977));
    expect(stream.digest()).toBe(expected);
  });
});

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
  it('prints numbers as Python does', () => {
    const values = [0.01, 1, -24.5, 1e-4, 1e-5, 1.5e-7, 1e15, 1e16, 1.234e22, 123456.789, 5e-324, -0, 0.1 + 0.2, 1 / 3];
    const script = join(folder, 'repr.py');
    writeFileSync(script, 'import json, sys\nprint(json.dumps([repr(float(v)) for v in sys.argv[1:]]))');
    const expected = JSON.parse(runPython(script, ...values.map((v) => (Object.is(v, -0) ? '-0.0' : String(v)))));
    expect(values.map(pythonFloat)).toEqual(expected);
    expect([NaN, Infinity, -Infinity].map(pythonFloat)).toEqual(['nan', 'inf', '-inf']);
  });

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
