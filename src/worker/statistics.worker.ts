/** The worker of the statistics over all items: wires its host to the page. */
import { StatisticsHost, type StatisticsReply, type StatisticsRequest } from './statistics.ts';

/** The little of a dedicated worker's scope that is used here (the DOM library types `self` as a window). */
interface WorkerScope {
  postMessage(reply: StatisticsReply): void;
  onmessage: ((event: MessageEvent<StatisticsRequest>) => void) | null;
}

const scope = self as unknown as WorkerScope;
const host = new StatisticsHost((reply) => scope.postMessage(reply));
scope.onmessage = (event) => host.receive(event.data);
