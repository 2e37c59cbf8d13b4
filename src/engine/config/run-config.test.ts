import { expect, test } from 'vitest';
import { ConfigError } from '../../workloads/workload.ts';
import { gaussianWorkload } from '../test-support/gaussian.ts';
import { fromJson, parseRunConfig, toJson } from './run-config.ts';
import { FIELDS, fromUrl, toUrl } from './url-state.ts';

const registry = [gaussianWorkload()];

function refusal(action: () => unknown): ConfigError {
  try {
    action();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('expected a ConfigError');
}
const refused = (json: unknown) => refusal(() => parseRunConfig(json, registry));

test('an empty object is the first preset of the first experiment, complete', () => {
  const config = parseRunConfig({}, registry);
  expect(config).toMatchObject({
    workload: 'gaussian',
    preset: 'plain',
    seed: 42,
    precision: 'f32',
    batch: { size: 'auto', memoryBudgetMiB: 1024, memoryClass: 'auto', sizes: {} },
  });
  expect(Object.keys(config.params)).toEqual(registry[0].params.map((spec) => spec.key));
});

test('the preset overrides defaults, given values override the preset', () => {
  const config = parseRunConfig({ preset: 'wide', params: { noiseSigma: 3 } }, registry);
  expect(config.params).toMatchObject({ means: [-1, 0, 1], noiseSigma: 3, repeats: 2 });
});

test.each([
  [{ sead: 1 }, 'sead', '"seed"'],
  [{ workload: 'gausian' }, 'workload', '"gaussian"'],
  [{ preset: 'wyde' }, 'preset', '"wide"'],
  [{ seed: 1.5 }, 'seed', 'whole number'],
  [{ seed: -1 }, 'seed', 'from 0'],
  [{ precision: 'f64' }, 'precision', 'f32'],
  [{ batch: { size: 0 } }, 'batch.size', 'from 1'],
  [{ batch: { sise: 4 } }, 'batch.sise', '"size"'],
  [{ batch: 4 }, 'batch', 'object'],
  [{ params: { noise_sigma: 1 } }, 'params.noise_sigma', '"noiseSigma"'],
  [{ params: { noiseSigma: 0 } }, 'params.noiseSigma', '0'],
  [{ params: { noiseSigma: 'loud' } }, 'params.noiseSigma', 'loud'],
  [{ params: { repeats: 2.5 } }, 'params.repeats', '2.5'],
  [{ params: { means: [1, 'x'] } }, 'params.means', 'x'],
  [{ params: { profile: 'rond' } }, 'params.profile', 'round'],
  [{ params: { paired: 'yes' } }, 'params.paired', 'yes'],
  [[], 'config', 'object'],
])('%j is refused at %s', (json, field, part) => {
  const error = refused(json);
  expect(error.field).toBe(field);
  expect(error.message).toContain(part);
});

test('run.json reads back to the same configuration', () => {
  const config = parseRunConfig({ seed: 7, batch: { size: 16 }, params: { means: [0.5], paired: true } }, registry);
  expect(fromJson(toJson(config), registry)).toEqual(config);
  expect(refusal(() => fromJson('{"seed": ', registry)).message).toContain('not JSON');
});

test.each([
  [{}, ''],
  [{ preset: 'wide' }, 'preset=wide'],
  [{ preset: 'wide', params: { noiseSigma: 2 } }, 'preset=wide'],
  [{ seed: 0, batch: { size: 16, memoryBudgetMiB: 512 } }, 'seed=0&batch=16&memory=512'],
  [
    { batch: { memoryClass: '24GB', sizes: { 'shear.peekSlots': 3, 'gpu.submitsInFlight': 1 } } },
    'memoryClass=24GB&sizes=shear.peekSlots:3,gpu.submitsInFlight:1',
  ],
  [
    { params: { means: [-0.01, 0.02, 1e-7], paired: true, profile: 'flat' } },
    'means=-0.01,0.02,1e-7&profile=flat&paired=true',
  ],
  [{ params: { means: [1] } }, 'means=1'],
])('the link of %j says only what differs from the preset, and reads back', (json, query) => {
  const config = parseRunConfig(json, registry);
  expect(toUrl(config, registry)).toBe(query);
  expect(fromUrl(query, [], registry)).toEqual(config);
});

test('a link keeps the page’s own fields out and refuses unknown or unreadable ones', () => {
  expect(fromUrl('?tab=memory&seed=3', ['tab'], registry).seed).toBe(3);
  expect(refusal(() => fromUrl('?mean=1', [], registry))).toMatchObject({ field: 'params.mean' });
  expect(refusal(() => fromUrl('?mean=1', [], registry)).message).toContain('"means"');
  expect(refusal(() => fromUrl('?seed=many', [], registry)).message).toContain('many');
  expect(refusal(() => fromUrl('?noiseSigma=', [], registry))).toMatchObject({ field: 'params.noiseSigma' });
});

test.each([
  [{ sizes: { 'shear.peekslots': 3 } }, 'batch.sizes.shear.peekslots', '"shear.peekSlots"'],
  [{ sizes: { 'shear.peekSlots': 0 } }, 'batch.sizes.shear.peekSlots', 'from 1 to 16 slots'],
  [{ sizes: { 'shear.threadsPerChain': 24 } }, 'batch.sizes.shear.threadsPerChain', 'power of two'],
  [{ sizes: { 'shear.chunk': 8 } }, 'batch.size', 'shear.chunk is the batch size'],
  [{ memoryClass: '12GB' }, 'batch.memoryClass', 'not a memory class'],
])('batch %j is refused at its field', (batch, field, words) => {
  const refused = refusal(() => parseRunConfig({ batch }, registry));
  expect(refused.field).toBe(field);
  expect(refused.message).toContain(words);
});

test('no parameter takes the name of a field of the link', () => {
  const keys = registry.flatMap((workload) => workload.params.map(({ key }) => key));
  expect(keys.filter((key) => FIELDS.some((field) => field === key))).toEqual([]);
});
