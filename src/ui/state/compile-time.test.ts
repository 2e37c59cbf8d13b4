import { beforeEach, expect, test, vi } from 'vitest';
import type { Store } from './types.ts';

const kept = new Map<string, string>();
vi.stubGlobal('window', { location: { search: '', pathname: '/' }, history: { state: null } });
vi.stubGlobal('localStorage', {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, text: string) => kept.set(key, text),
});
const { useStore } = await import('./store.ts');
const { waitingWords, watchCompiling } = await import('./compile-time.ts');
watchCompiling();

const words = () => waitingWords(useStore.getState());
const run = { mode: 'webgpu' } as Store['run'];
const on = (name: string) => ({ device: { mode: 'webgpu', report: { name } } }) as Pick<Store, 'device'>;

beforeEach(() => {
  kept.clear();
  useStore.setState({ ...on('An adapter'), status: 'idle', run: undefined, progress: undefined });
  vi.useFakeTimers();
});

test('while kernels are compiled that is said, with how long it took the last time on this adapter', () => {
  expect(words()).toBe('Nothing is running yet.');
  useStore.setState({ status: 'running' });
  expect(words()).toBe('The kernels are being compiled.');
  vi.advanceTimersByTime(12_400);
  useStore.setState({ run });
  expect(words()).toBe('The next transition is awaited.');
  useStore.setState({ status: 'done' });
  useStore.setState({ status: 'running', run: undefined });
  expect(words()).toBe('The kernels are being compiled. Last time that took 12 s on this adapter.');
  useStore.setState({ status: 'failed' });
  useStore.setState({ ...on('Another'), status: 'running' });
  expect(words()).toBe('The kernels are being compiled.');
});

test('what cannot be read of the last time counts as nothing', () => {
  kept.set('lockstep-compile-seconds', '[{}');
  useStore.setState({ status: 'running' });
  expect(words()).toBe('The kernels are being compiled.');
  kept.set('lockstep-compile-seconds', 'null');
  expect(words()).toBe('The kernels are being compiled.');
});
