/** A host without a thread: requests go in, every message it sends can be waited for. */
import { parseRunConfig, type Registry } from '../../engine/run-config.ts';
import type { SelfTestReport } from '../../engine/self-test/report.ts';
import type { GpuContext } from '../../gpu/context.ts';
import { workloads } from '../../workloads/index.ts';
import { EngineHost } from '../host.ts';
import type { Message, Request } from '../protocol.ts';

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

/** A host that opens such devices, every message it sends, and those already opened. */
export function connectHost(open: () => Promise<GpuContext>, registry: Registry = workloads) {
  const messages: Message[] = [];
  const waiting = new Set<() => void>();
  const devices: GpuContext[] = [];
  const host = new EngineHost(
    (message) => {
      messages.push(message);
      for (const look of waiting) look();
    },
    registry,
    async () => {
      const gpu = await open();
      devices.push(gpu);
      return gpu;
    },
  );
  /** What `pick` finds, once it is there. */
  const arrival = <T>(pick: (all: readonly Message[]) => T | undefined) =>
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
  const reports = (all: readonly Message[]): SelfTestReport[] =>
    all.flatMap((message) => (message.type === 'selfTest' ? [message.report] : []));
  let id = 0;
  const ask = (request: Omit<Extract<Request, { id: number }>, 'id'> & Record<string, unknown>) => {
    id++;
    const mine = id;
    host.receive({ ...request, id: mine } as Request);
    return arrival((all) =>
      all.find((message) => (message.type === 'reply' || message.type === 'refusal') && message.id === mine),
    );
  };
  const tell = (request: Request) => host.receive(request);
  return { ask, tell, arrival, reports, messages, devices };
}
