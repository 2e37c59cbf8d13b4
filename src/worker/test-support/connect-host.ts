/** A host without a thread: calls go in, every answer and event that it sends can be waited for. */
import { parseRunConfig, type Registry } from '../../engine/config/run-config.ts';
import type { SelfTestReport } from '../../engine/self-test/report.ts';
import type { GpuContext } from '../../gpu/context.ts';
import { workloads } from '../../workloads/index.ts';
import type { EngineApi } from '../engine-api.ts';
import { EngineHost } from '../host.ts';
import type { Event, Message } from '../protocol.ts';

/** A run of the experiment itself that takes a moment; kernels of a single Gaussian compile fast. */
export const tinyRun = parseRunConfig({
  params: {
    profile: 'gaussian',
    stampSize: 16,
    halfLightRadiusArcsec: 0.2,
    realizations: 1,
    shearGrid: [0],
    warmup: 0,
    draws: 4,
    rescue: false,
  },
});

/** What a host sends, events as they are. */
type Sent = Exclude<Message, { type: 'event' }> | Event;

/** A host that opens such devices, all that it sends, and the devices already opened. */
export function connectHost(open: () => Promise<GpuContext>, registry: Registry = workloads) {
  const messages: Sent[] = [];
  const waiting = new Set<() => void>();
  const devices: GpuContext[] = [];
  const host = new EngineHost(
    (message) => {
      messages.push(message.type === 'event' ? message.event : message);
      for (const look of waiting) look();
    },
    {
      registry,
      openGpu: async () => {
        const gpu = await open();
        devices.push(gpu);
        return gpu;
      },
    },
  );
  /** What `pick` finds, once it is there. */
  const arrival = <T>(pick: (all: readonly Sent[]) => T | undefined) =>
    new Promise<T>((resolve) => {
      const look = () => {
        const found = pick(messages);
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  const reports = (all: readonly Sent[]): SelfTestReport[] =>
    all.flatMap((message) => (message.type === 'selfTest' ? [message.report] : []));
  let id = 0;
  const tell = <K extends keyof EngineApi>(method: K, ...args: Parameters<EngineApi[K]>) => {
    id++;
    host.receive({ id, method, args });
    return id;
  };
  const ask = <K extends keyof EngineApi>(method: K, ...args: Parameters<EngineApi[K]>) => {
    const mine = tell(method, ...args);
    return arrival((all) =>
      all.find((message) => (message.type === 'reply' || message.type === 'refusal') && message.id === mine),
    );
  };
  return { ask, tell, arrival, reports, messages, devices };
}
