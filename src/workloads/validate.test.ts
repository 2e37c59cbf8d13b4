import { describe, expect, it } from 'vitest';
import { paramFlag, paramFromText, paramToText } from './param-text.ts';
import type { ParamSpec } from './params.ts';
import { paramIssues, parseParams, presetParams } from './validate.ts';
import { ConfigError } from './workload.ts';

const base = { help: 'A field.', group: 'Test' };
const specs: readonly ParamSpec[] = [
  { ...base, key: 'noiseSigma', label: 'Noise', kind: 'number', default: 0.1, min: 0, exclusiveMin: true },
  { ...base, key: 'draws', label: 'Draws', kind: 'integer', default: 160, min: 4, max: 1000 },
  { ...base, key: 'shearGrid', label: 'Shears', kind: 'numberList', default: [0.01], min: -1, max: 1, maxLength: 3 },
  {
    ...base,
    key: 'psf',
    label: 'PSF',
    kind: 'choice',
    default: 'gaussian',
    choices: [
      { value: 'gaussian', label: 'Gaussian' },
      { value: 'moffat', label: 'Moffat' },
    ],
  },
  { ...base, key: 'noiseFree', label: 'No noise', kind: 'boolean', default: false, flag: 'no-noise' },
];
const preset = { id: 'p', label: 'P', help: '', params: { draws: 8 } };

describe('parseParams', () => {
  it('fills gaps from the preset, then from the table', () => {
    const params = parseParams(specs, preset, { noiseSigma: 0.5 });
    expect(params).toEqual({ noiseSigma: 0.5, draws: 8, shearGrid: [0.01], psf: 'gaussian', noiseFree: false });
    expect(presetParams(specs, preset)).toMatchObject({ draws: 8, noiseSigma: 0.1 });
  });

  it.each([
    ['a zero noise', { noiseSigma: 0 }, 'noiseSigma', 'Noise (noiseSigma): 0 is not allowed; give a number above 0.'],
    ['a negative noise', { noiseSigma: -1 }, 'noiseSigma', /-1 is not allowed/],
    ['NaN', { noiseSigma: Number.NaN }, 'noiseSigma', /NaN is not allowed/],
    ['text for a number', { noiseSigma: '0.1' }, 'noiseSigma', /"0\.1" is not allowed/],
    [
      'a fraction of a draw',
      { draws: 10.5 },
      'draws',
      'Draws (draws): 10.5 is not allowed; give a whole number from 4 to 1000.',
    ],
    ['too few draws', { draws: 3 }, 'draws', /3 is not allowed/],
    ['an empty list', { shearGrid: [] }, 'shearGrid', /\[\] is not allowed; give 1 to 3 numbers, each from -1 to 1/],
    ['a long list', { shearGrid: [0, 0, 0, 0] }, 'shearGrid', /\[0,0,0,0\] is not allowed/],
    ['a bad list entry', { shearGrid: [0, 2] }, 'shearGrid', /2 is not allowed/],
    ['an unknown choice', { psf: 'airy' }, 'psf', /"airy" is not allowed; give one of "gaussian", "moffat"/],
    ['a number for a switch', { noiseFree: 1 }, 'noiseFree', /1 is not allowed; give true or false/],
    ['a missing value', { draws: undefined }, 'draws', /missing/],
    ['an unknown key', { noise_sigma: 1 }, 'noise_sigma', /not a parameter.*Did you mean "noiseSigma"\?/],
    ['a misspelt key', { drews: 1 }, 'drews', /Did you mean "draws"\?/],
    ['a key like no other', { temperature: 1 }, 'temperature', /Known are: noiseSigma, draws/],
  ])('refuses %s and says what is allowed', (_, values, field, message) => {
    expect(() => parseParams(specs, undefined, values)).toThrow(ConfigError);
    expect(() => parseParams(specs, undefined, values)).toThrow(message);
    expect(() => parseParams(specs, undefined, values)).toThrow(expect.objectContaining({ field: `params.${field}` }));
  });

  it('refuses what is no object', () => {
    for (const values of [null, [], 3, 'x']) {
      expect(() => parseParams(specs, undefined, values)).toThrow(/must be an object/);
    }
  });

  it('lists every wrong field once', () => {
    const values = { ...presetParams(specs, preset), draws: 0.5, shearGrid: [5, 6], extra: 1 };
    expect(paramIssues(specs, values).map(({ field }) => field)).toEqual([
      'params.draws',
      'params.shearGrid',
      'params.extra',
    ]);
    expect(() => parseParams(specs, undefined, values)).toThrow(/2 more: params\.shearGrid, params\.extra/);
  });
});

describe('parameters as text', () => {
  const spec = (key: string) => specs.find((candidate) => candidate.key === key)!;

  it('come back as they were', () => {
    for (const [key, value] of Object.entries({
      noiseSigma: 1e-6,
      draws: 12,
      shearGrid: [0.1, -0.3],
      psf: 'moffat',
      noiseFree: true,
    })) {
      expect(paramFromText(spec(key), paramToText(value))).toEqual(value);
    }
    expect(paramFromText(spec('shearGrid'), '0.1 0.2, 0.3')).toEqual([0.1, 0.2, 0.3]);
    expect(paramFromText(spec('noiseFree'), 'no')).toBe(false);
  });

  it.each([
    ['noiseSigma', ''],
    ['noiseSigma', 'big'],
    ['shearGrid', '0.1,,0.2'],
    ['shearGrid', '7'],
    ['noiseFree', 'maybe'],
    ['psf', 'Moffat'],
  ])('are refused for %s where they read "%s"', (key, text) => {
    expect(() => paramFromText(spec(key), text)).toThrow(ConfigError);
    expect(() => paramFromText(spec(key), text)).toThrow(`"${text}" is not allowed`);
  });

  it('have flags of their own or in kebab case', () => {
    expect(paramFlag(spec('noiseSigma'))).toBe('noise-sigma');
    expect(paramFlag(spec('noiseFree'))).toBe('no-noise');
  });
});

describe('a set', () => {
  const choices = ['ggn', 'hessian', 'lens'].map((value) => ({ value, label: value, aliases: [`the-${value}`] }));
  const spec: ParamSpec = { ...base, key: 'metrics', label: 'Metrics', kind: 'set', default: 'ggn', choices };

  it('is read in any order, and kept in the order of its table', () => {
    expect(paramFromText(spec, 'lens, ggn')).toBe('ggn,lens');
    expect(paramFromText(spec, 'lens ggn lens')).toBe('ggn,lens');
    expect(paramFromText(spec, 'lens,the-ggn')).toBe('ggn,lens');
    expect(paramFromText(spec, 'ALL')).toBe('ggn,hessian,lens');
  });

  it('refuses none, and what it does not know, by name', () => {
    for (const text of ['', 'hesian', 'ggn,'.repeat(2).concat('no')])
      expect(() => paramFromText(spec, text)).toThrow(
        /Metrics \(metrics\): .* give all, or some of ggn, hessian, lens/,
      );
    expect(paramIssues([spec], { metrics: 'lens,ggn' })).toHaveLength(1);
    expect(paramIssues([spec], { metrics: 'ggn,lens' })).toHaveLength(0);
  });
});
