/** The engine's dedicated worker: wires the host to the page. */
import { setNetcdfThreads } from '../bundle/netcdf-start.ts';
import { EngineHost } from './host.ts';
import { holdLife } from './life.ts';
import { netcdfWorkers } from './netcdf-threads.ts';
import type { Call, Message } from './protocol.ts';

/** The little of a dedicated worker's scope that is used here (the DOM library types `self` as a window). */
interface WorkerScope {
  postMessage(message: Message): void;
  onmessage: ((event: MessageEvent<Call>) => void) | null;
}

setNetcdfThreads(netcdfWorkers);

const scope = self as unknown as WorkerScope;
const host = new EngineHost((message) => scope.postMessage(message));
scope.onmessage = (event) => host.receive(event.data);
void holdLife().then((lock) => scope.postMessage({ type: 'ready', lock }));
