/** `layout.ts` and `settings.ts` against the structs of the WGSL, read from its text. */
import { expect, it } from 'vitest';
import { shaderSources } from '../../../gpu/shaders.ts';
import { level0Spec } from '../test-support/specs.ts';
import { CHAIN, CONTROL_WORDS, POSTERIOR, SETTINGS_WORDS } from './layout.ts';
import { fixedWords, settingsWords } from './settings.ts';

interface Field {
  readonly name: string;
  readonly offset: number;
}

/** Fields of a struct with offsets in words. Knows scalars and arrays of scalars, which is all these structs hold. */
function fieldsOf(file: string, struct: string): { fields: Field[]; words: number } {
  const text = shaderSources[file].replace(/\/\/.*$/gm, '');
  const body = new RegExp(`struct ${struct} \\{([^}]*)\\}`).exec(text);
  if (!body) throw new Error(`${file} has no struct ${struct}`);
  const fields: Field[] = [];
  let words = 0;
  for (const declaration of body[1].split(/,(?![^<]*>)/).map((each) => each.trim())) {
    if (declaration === '') continue;
    const parsed = /^(\w+): (?:(f32|u32)|array<(?:f32|u32), (\d+)>)$/.exec(declaration);
    if (!parsed) throw new Error(`${struct}: cannot read "${declaration}"`);
    fields.push({ name: parsed[1], offset: words });
    words += parsed[2] ? 1 : Number(parsed[3]);
  }
  return { fields, words };
}

const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

it.each([
  ['Posterior', POSTERIOR],
  ['Chain', CHAIN],
])('%s: every field where the host looks for it', (struct, layout) => {
  const { fields, words } = fieldsOf('shear/state.wgsl', struct);
  expect(Object.fromEntries([...fields.map(({ name, offset }) => [camel(name), offset]), ['words', words]])).toEqual(
    layout,
  );
});

it('Control: as many words as the host writes', () => {
  const { fields, words } = fieldsOf('shear/state.wgsl', 'Control');
  expect(words).toBe(CONTROL_WORDS);
  // The order in which session.ts fills it.
  const order = ['count', 'steps', 'warming', 'warmup', 'draws', 'integrator_steps', 'attempt'];
  expect(fields.map(({ name }) => name).filter((name) => !name.startsWith('unused'))).toEqual(order);
});

it('Settings: every value in its field', () => {
  const { fields, words } = fieldsOf('shear/posterior.wgsl', 'Settings');
  expect(SETTINGS_WORDS).toBe(4 * Math.ceil(words / 4));
  const spec = level0Spec(8, { noiseSigma: 0.25 });
  const { prior, sampler } = spec;
  const values = settingsWords(spec);
  const found = Object.fromEntries(fields.map(({ name, offset }) => [name, values[offset]]));
  const expected: Record<string, number> = {
    g1_mean: prior.g1.mean,
    g1_precision: prior.g1.sigma ** -2,
    g2_mean: prior.g2.mean,
    g2_precision: prior.g2.sigma ** -2,
    x_middle: (prior.x.low + prior.x.high) / 2,
    x_width: prior.x.high - prior.x.low,
    y_middle: (prior.y.low + prior.y.high) / 2,
    y_width: prior.y.high - prior.y.low,
    log_amplitude_mean: prior.logFlux.mean - Math.log(0.25),
    log_amplitude_precision: prior.logFlux.sigma ** -2,
    log_hlr_mean: prior.logHlrPx.mean,
    log_hlr_precision: prior.logHlrPx.sigma ** -2,
    e_precision: prior.e.sigma ** -2,
    initial_step: sampler.initialStepSize,
    min_step: sampler.minStepSize,
    max_step: sampler.maxStepSize,
    target_acceptance: sampler.targetAcceptance,
    jitter: sampler.jitter,
  };
  expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, value] of Object.entries(expected)) expect(found[name], name).toBeCloseTo(value, 4);
});

it('fixed values: in the order of the record', () => {
  const { logAmplitude, hlr, e1, e2 } = POSTERIOR;
  expect([hlr, e1, e2]).toEqual([logAmplitude + 1, logAmplitude + 2, logAmplitude + 3]);
  const words = fixedWords(level0Spec(4, { noiseSigma: 0.25 }), { flux: 990, hlrPx: 4.5, e1: 0.11, e2: 0.12 });
  expect(words[0]).toBeCloseTo(Math.log(990 / 0.25), 12);
  expect(words.slice(1)).toEqual([4.5, 0.11, 0.12]);
});
