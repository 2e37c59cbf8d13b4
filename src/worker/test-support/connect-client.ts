/** Client and host at the two ends of a real message channel: everything is cloned as between threads. */
import { MessageChannel } from 'node:worker_threads';
import { afterEach } from 'vitest';
import { connectEngine, type EngineClient, type Port } from '../client.ts';
import { EngineHost, type HostSetting } from '../host.ts';
import type { Call, Message } from '../protocol.ts';

const channels: MessageChannel[] = [];
afterEach(() => {
  for (const { port1, port2 } of channels.splice(0)) {
    port1.close();
    port2.close();
  }
});

/** A client of such a host; closed after the test. */
export function connectClient(setting: HostSetting): EngineClient {
  const channel = new MessageChannel();
  channels.push(channel);
  const host = new EngineHost((message: Message) => channel.port2.postMessage(message), setting);
  channel.port2.on('message', (call: Call) => host.receive(call));
  const port: Port = {
    postMessage: (message, transfer) => channel.port1.postMessage(message, transfer as ArrayBuffer[]),
    onmessage: null,
  };
  channel.port1.on('message', (data: Message) => port.onmessage?.({ data } as MessageEvent));
  return connectEngine(port);
}
