import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runPython } from './fixtures/tools.ts';
import { canonicalJson, type JsonValue } from './json.ts';
import { pythonFloat } from './python-text.ts';
import { Sha256Stream, sha256Of } from './sha256.ts';

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

describe('Python’s text', () => {
  it('prints numbers as Python does', () => {
    const values = [0.01, 1, -24.5, 1e-4, 1e-5, 1.5e-7, 1e15, 1e16, 1.234e22, 123456.789, 5e-324, -0, 0.1 + 0.2, 1 / 3];
    const script = join(folder, 'repr.py');
    writeFileSync(script, 'import json, sys\nprint(json.dumps([repr(float(v)) for v in sys.argv[1:]]))');
    const expected = JSON.parse(runPython(script, ...values.map((v) => (Object.is(v, -0) ? '-0.0' : String(v)))));
    expect(values.map(pythonFloat)).toEqual(expected);
    expect([NaN, Infinity, -Infinity].map(pythonFloat)).toEqual(['nan', 'inf', '-inf']);
  });
});
