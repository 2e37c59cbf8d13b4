/** The page's end of the worker: what it sends, and what becomes of its questions. */
import { expect, test, vi } from 'vitest';
import { connectEngine, type Port } from './client.ts';
import type { Call, Message } from './protocol.ts';

function connect() {
  const sent: { readonly call: Call; readonly transfer: readonly Transferable[] }[] = [];
  const port: Port = {
    postMessage: (message, transfer) => sent.push({ call: message as Call, transfer }),
    onmessage: null,
  };
  const tell = (data: Message) => port.onmessage?.({ data } as MessageEvent);
  return { client: connectEngine(port), port, sent, tell };
}

test('a method is a call with an answer of its own; bytes are transferred', async () => {
  const { client, sent, tell } = connect();
  const bytes = new ArrayBuffer(8);
  const [file, runs] = [client.loadFile('shear', 'truth', 't.csv', bytes), client.history()];
  expect(sent[0]).toEqual({
    call: { id: 1, method: 'loadFile', args: ['shear', 'truth', 't.csv', bytes] },
    transfer: [bytes],
  });
  expect(sent[1]).toEqual({ call: { id: 2, method: 'history', args: [] }, transfer: [] });
  tell({ type: 'reply', id: 2, value: 'the runs' });
  tell({
    type: 'refusal',
    id: 1,
    error: { name: 'FileError', message: 'no table', field: 'truth', todo: 'Give one.' },
  });
  expect(await runs).toBe('the runs');
  await expect(file).rejects.toMatchObject({ message: 'no table', field: 'truth', report: { todo: 'Give one.' } });
});

test('events go to those who listen to their kind, until they stop', () => {
  const { client, tell } = connect();
  const heard: string[] = [];
  const stop = client.on('log', ({ message }) => heard.push(message));
  const log = { type: 'event', event: { type: 'log', level: 'info', message: 'a note' } } as const;
  tell(log);
  tell({ type: 'event', event: { type: 'exportProgress', done: 1, total: 2, file: 'a' } });
  stop();
  tell(log);
  expect(heard).toEqual(['a note']);
});

test('a worker that dies answers every open question and is told of; what nobody waits for raises nothing', async () => {
  const { client, port } = connect();
  const errors: string[] = [];
  client.on('error', ({ error }) => errors.push(error.message));
  const run = client.openRun('some');
  void client.pause();
  port.onerror?.({ message: 'out of memory' } as ErrorEvent);
  await expect(run).rejects.toMatchObject({ report: { name: 'EngineGone', message: 'out of memory' } });
  expect(errors).toEqual(['out of memory']);
});

test('a worker that has died answers at once, until another is started; listeners stay', async () => {
  const ports: Port[] = [];
  const start = () => {
    const port: Port = { postMessage: () => undefined, onmessage: null };
    ports.push(port);
    return port;
  };
  const client = connectEngine(start(), start);
  const heard: string[] = [];
  client.on('log', ({ message }) => heard.push(message));
  ports[0].onerror?.({ message: 'out of memory' } as ErrorEvent);
  void client.stop();
  await expect(client.history()).rejects.toMatchObject({ report: { name: 'EngineGone', message: 'out of memory' } });
  client.restart();
  const runs = client.history();
  const log = { type: 'event', event: { type: 'log', level: 'info', message: 'a note' } } as const;
  ports[0].onmessage?.({ data: log } as MessageEvent);
  expect(heard, 'of the one that has ended').toEqual([]);
  ports[1].onmessage?.({ data: log } as MessageEvent);
  ports[1].onmessage?.({ data: { type: 'reply', id: 3, value: 'the runs' } } as MessageEvent);
  expect(await runs).toBe('the runs');
  expect(heard).toEqual(['a note']);
});

test('an error that nobody caught in a worker that goes on ends nothing', async () => {
  const { client, port, tell } = connect();
  const errors: string[] = [];
  client.on('error', ({ error }) => errors.push(`${error.name}: ${error.message} ${error.todo ?? ''}`));
  tell({ type: 'ready' });
  const runs = client.history();
  port.onerror?.({ message: 'x is undefined' } as ErrorEvent);
  expect(errors).toEqual(['EngineFault: x is undefined ']);
  tell({ type: 'reply', id: 1, value: 'the runs' });
  expect(await runs).toBe('the runs');
});

test('a worker that ends without a word is told of by the lock that it held', async () => {
  let free: () => void = () => undefined;
  // Granted once the worker is gone, as a browser does.
  const request = (_: string, __: object, granted: () => void) =>
    new Promise<void>((resolve) => {
      free = () => resolve(granted());
    });
  vi.stubGlobal('navigator', { locks: { request } });
  const { client, tell } = connect();
  tell({ type: 'ready', lock: 'life' });
  const run = client.openRun('some');
  free();
  await expect(run).rejects.toMatchObject({
    report: { name: 'EngineGone', message: expect.stringContaining('memory') },
  });
  vi.unstubAllGlobals();
});

test('it can be the value of a promise', async () => {
  const { client, sent } = connect();
  expect(await Promise.resolve(client)).toBe(client);
  expect(sent).toEqual([]);
});
