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
  expect(fromUrl(query, [], registry)).toMatchObject({ config, problems: [] });
});

test('a link keeps the page’s own fields out', () => {
  const { config, problems } = fromUrl('?tab=memory&seed=3', ['tab'], registry);
  expect(config.seed).toBe(3);
  expect(problems).toEqual([]);
});

const plain = parseRunConfig({}, registry);

test.each([
  ['utm_source=mail', { name: 'utm_source' }],
  ['mean=1', { name: 'mean (did you mean means?)' }],
  ['seed=many', { name: 'seed', message: 'expected a whole number from 0 to 4294967295, got "many".', instead: '42' }],
  [
    'seed=1e999',
    { name: 'seed', message: 'expected a whole number from 0 to 4294967295, got Infinity.', instead: '42' },
  ],
  ['batch=0', { name: 'batch', message: /from 1 to \d+, got 0\.$/, instead: 'auto' }],
  ['memory=-1', { name: 'memory', message: /from 1 to 1048576, got -1\.$/, instead: '1024' }],
  ['memoryClass=12GB', { name: 'memoryClass', message: /^"12GB" is not a memory class/, instead: 'auto' }],
  ['precision=f64', { name: 'precision', message: /^"f64" is not offered.*f32/, instead: 'f32' }],
  ['preset=wyde', { name: 'preset', message: /^"wyde" is not a preset.*"wide"/, instead: 'plain' }],
  [
    'workload=gausian',
    { name: 'workload', message: /^"gausian" is not an experiment.*"gaussian"/, instead: 'gaussian' },
  ],
  ['noiseSigma=', { name: 'noiseSigma', message: /"" is not allowed; give a number above 0/, instead: /^\d/ }],
  ['noiseSigma=Infinity', { name: 'noiseSigma', message: /"Infinity" is not allowed/, instead: /^\d/ }],
  [
    'sizes=shear.peekSlots:0',
    { name: 'sizes', message: /^shear.peekSlots: .*from 1 to 16/, instead: 'the table’s value' },
  ],
  [`means=${'1,'.repeat(500)}`, { name: 'means', message: /^.{0,100}…/, instead: /./ }],
])('of a link with %s only that is lost, and told', (query, problem) => {
  const read = fromUrl(`?${query}&repeats=3`, [], registry);
  expect(read.config).toEqual({ ...plain, params: { ...plain.params, repeats: 3 } });
  expect(read.taken).toEqual(['repeats']);
  const matching = Object.entries(problem).map(([key, value]) => [
    key,
    typeof value === 'string' ? value : expect.stringMatching(value),
  ]);
  expect(read.problems).toEqual([Object.fromEntries(matching)]);
});

test('of several sizes a wrong one costs none of the others, and of a name that is there twice the first counts', () => {
  const { config, problems } = fromUrl('?sizes=shear.peekSlots:3,gpu.nothing:1&seed=5&seed=6', [], registry);
  expect(config.batch.sizes).toEqual({ 'shear.peekSlots': 3 });
  expect(config.seed).toBe(5);
  expect(problems).toHaveLength(1);
});

test('a hostile link is read in no time', () => {
  const names = Array.from({ length: 5000 }, (_, i) => `${'x'.repeat(300)}${i}=1`).join('&');
  const from = performance.now();
  const { config, problems } = fromUrl(`?${names}&preset=${'y'.repeat(1e5)}&seed=7`, [], registry);
  expect(performance.now() - from).toBeLessThan(2000);
  expect(config.seed).toBe(7);
  expect(Math.max(...problems.map(({ name, message = '' }) => name.length + message.length))).toBeLessThan(300);
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
