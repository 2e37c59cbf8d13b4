/** Which network a configuration is repeated with. */
import { expect, test } from 'vitest';
import { flowExperiment } from '../workloads/flow/experiment.ts';
import type { LoadedFile, RunInputs } from '../workloads/workload.ts';
import { inputPaths, otherFiles } from './inputs.ts';

const networkPath = (given: string | undefined, base: Record<string, unknown>) =>
  inputPaths(flowExperiment, (flag) => (flag === 'network' ? given : undefined), base).network;
const otherNetwork = (base: Record<string, unknown>, inputs: RunInputs) => otherFiles(flowExperiment, base, inputs)[0];

const mine = { name: 'mine.safetensors', sha256: 'sha256:1' };
const shipped = { name: 'gaussian.safetensors', sha256: 'sha256:2' };
const own = { ran: { network: mine, loaded: mine } };

test('a run with a network of one’s own is repeated with a network that is named, or not at all', () => {
  expect(() => networkPath(undefined, own)).toThrow(
    /mine\.safetensors \(sha256:1\).*Give that file to repeat the run, or "shipped"/,
  );
  expect(networkPath('mine.safetensors', own)).toBe('mine.safetensors');
  expect(networkPath('shipped', own)).toBeUndefined();
});

test('nothing is asked for where the network that ships ran, or none did', () => {
  expect(networkPath(undefined, {})).toBeUndefined();
  expect(networkPath(undefined, { ran: { loaded: shipped } })).toBeUndefined();
  // Loaded on the page while another experiment ran.
  expect(networkPath(undefined, { ran: { network: mine } })).toBeUndefined();
  expect(networkPath('a.safetensors', {})).toBe('a.safetensors');
});

test('another network than before is told', () => {
  const inputs = (loaded: LoadedFile) => ({ loaded });
  expect(otherNetwork(own, inputs(shipped))).toContain('ran with before (mine.safetensors, sha256:1)');
  expect(otherNetwork(own, inputs(mine))).toBeUndefined();
  expect(otherNetwork({}, inputs(shipped))).toBeUndefined();
  expect(otherNetwork(own, {})).toBeUndefined();
});
