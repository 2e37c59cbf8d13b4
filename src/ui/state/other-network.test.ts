import { expect, test } from 'vitest';
import { presetConfig } from '../../engine/run-config.ts';
import { experiments } from '../../workloads/catalog.ts';
import { lackedNetwork } from './other-network.ts';
import type { Store } from './types.ts';

const flow = experiments.find(({ id }) => id === 'flow')!;
const config = presetConfig(flow, flow.presets[0]);
const network = { name: 'mine.safetensors', sha256: 'sha256:1' };
const file = { role: 'network', count: 1, what: 'a network', ...network } as const;
const base = {
  opened: { title: 'A run', item: () => Promise.reject(new Error('not asked for')) },
  run: { network } as Store['run'],
  ranConfig: config,
  config,
  files: {},
};
const another = experiments.find(({ id }) => id !== 'flow')!;

test('a run that was brought back lacks its network until that very file is loaded', () => {
  expect(lackedNetwork(base)).toEqual(network);
  expect(lackedNetwork({ ...base, files: { network: { ...file, sha256: 'sha256:2' } } })).toEqual(network);
  expect(lackedNetwork({ ...base, files: { network: file } })).toBeUndefined();
});

test('other settings of the sampler still repeat it, another task or experiment does not', () => {
  const changed = (params: object) => ({ ...config, params: { ...config.params, ...params } });
  expect(lackedNetwork({ ...base, config: changed({ steps: 3 }) })).toEqual(network);
  expect(lackedNetwork({ ...base, config: changed({ task: 'slcp' }) })).toBeUndefined();
  expect(lackedNetwork({ ...base, config: presetConfig(another, another.presets[0]) })).toBeUndefined();
});

test('a run of this visit, and one with the network that ships, lack nothing', () => {
  expect(lackedNetwork({ ...base, opened: undefined })).toBeUndefined();
  expect(lackedNetwork({ ...base, run: {} as Store['run'] })).toBeUndefined();
});
