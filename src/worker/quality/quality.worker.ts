/** The worker that measures quality: wires its host to the page. */
import { lazyWorkloads } from '../../workloads/computed.ts';
import { QualityHost } from './host.ts';
import type { QualityReply, QualityRequest } from './types.ts';

/** The little of a dedicated worker's scope that is used here (the DOM library types `self` as a window). */
interface WorkerScope {
  postMessage(reply: QualityReply): void;
  onmessage: ((event: MessageEvent<QualityRequest>) => void) | null;
}

const scope = self as unknown as WorkerScope;
const host = new QualityHost(lazyWorkloads, (reply) => scope.postMessage(reply));
scope.onmessage = (event) => host.receive(event.data);
