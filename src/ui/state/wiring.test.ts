import { expect, test, vi } from 'vitest';
import type { EngineClient } from '../../worker/client.ts';
import type { Event } from '../../worker/protocol.ts';

vi.stubGlobal('window', { location: { search: '', pathname: '/' }, history: { state: null } });
const { useStore } = await import('./store.ts');
const { wire } = await import('./wiring.ts');

test('a run whose engine ends is over, whatever the engine told in its last moment', () => {
  vi.useFakeTimers();
  const listeners = new Map<string, (event: Event) => void>();
  const on = (type: string, listener: (event: never) => void) =>
    listeners.set(type, listener as (event: Event) => void);
  wire({ on } as unknown as EngineClient);
  const tell = (type: string, event: object) => listeners.get(type)!({ type, ...event } as Event);
  const progress = {
    state: 'running',
    elapsedMs: 10,
    itemsPerSecond: 1,
    gradientsPerSecond: 1,
    memory: { currentBytes: 1 },
  };
  useStore.setState({ status: 'running' });
  tell('progress', { progress });
  tell('error', { error: { name: 'EngineGone', message: 'no memory' } });
  vi.runAllTimers();
  const { status, engineTrouble, device, notices } = useStore.getState();
  expect(status).toBe('failed');
  expect(engineTrouble).toEqual({ gone: true, message: 'no memory', running: true });
  expect(device).toBeUndefined();
  expect(notices).toEqual([]);
});

test('an error that ends nothing leaves the run as it is; any other is a message', () => {
  useStore.setState({ status: 'running', engineTrouble: undefined });
  const listeners = new Map<string, (event: Event) => void>();
  const on = (type: string, listener: (event: never) => void) =>
    listeners.set(type, listener as (event: Event) => void);
  wire({ on } as unknown as EngineClient);
  const error = (name: string, message: string) => listeners.get('error')!({ type: 'error', error: { name, message } });
  error('EngineFault', 'x is undefined');
  expect(useStore.getState()).toMatchObject({ status: 'running', engineTrouble: { gone: false, running: true } });
  error('DeviceLostError', 'The device was lost.');
  expect(useStore.getState().notices.map(({ message }) => message)).toEqual(['The device was lost.']);
});
