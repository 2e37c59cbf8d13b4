import { expect, test } from 'vitest';
import { presetConfig } from '../../engine/config/run-config.ts';
import { experiments } from '../../workloads/catalog.ts';
import { lackedFile } from './lacked-file.ts';
import type { Store } from './types.ts';

const flow = experiments.find(({ id }) => id === 'flow')!;
const config = presetConfig(flow, flow.presets[0]);
const network = { name: 'mine.safetensors', sha256: 'sha256:1' };
const file = { role: 'network', count: 1, what: 'a network', ...network } as const;
const base = {
  opened: { title: 'A run', item: () => Promise.reject(new Error('not asked for')) },
  run: { ownFiles: { network } } as unknown as Store['run'],
  ranConfig: config,
  config,
  files: {},
};
const another = experiments.find(({ id }) => id !== 'flow')!;

test('a run that was brought back lacks its network until that very file is loaded', () => {
  expect(lackedFile(base)).toMatchObject({ role: 'network', noun: 'network', ...network });
  expect(lackedFile({ ...base, files: { network: { ...file, sha256: 'sha256:2' } } })).toMatchObject({
    role: 'network',
    noun: 'network',
    ...network,
  });
  expect(lackedFile({ ...base, files: { network: file } })).toBeUndefined();
});

test('other settings of the sampler still repeat it, another task or experiment does not', () => {
  const changed = (params: object) => ({ ...config, params: { ...config.params, ...params } });
  expect(lackedFile({ ...base, config: changed({ steps: 3 }) })).toMatchObject({
    role: 'network',
    noun: 'network',
    ...network,
  });
  expect(lackedFile({ ...base, config: changed({ task: 'slcp' }) })).toBeUndefined();
  expect(lackedFile({ ...base, config: presetConfig(another, another.presets[0]) })).toBeUndefined();
});

test('a run of this visit, and one with the network that ships, lack nothing', () => {
  expect(lackedFile({ ...base, opened: undefined })).toBeUndefined();
  expect(lackedFile({ ...base, run: {} as Store['run'] })).toBeUndefined();
});
