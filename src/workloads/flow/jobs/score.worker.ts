/** The worker that scores a training: wires its host to the engine's worker. */
import { ScoreHost, type ScoreReply, type ScoreRequest } from './score.ts';

/** The little of a dedicated worker's scope that is used here (the DOM library types `self` as a window). */
interface WorkerScope {
  postMessage(reply: ScoreReply): void;
  onmessage: ((event: MessageEvent<ScoreRequest>) => void) | null;
}

const scope = self as unknown as WorkerScope;
const host = new ScoreHost((reply) => scope.postMessage(reply));
scope.onmessage = (event) => host.receive(event.data);
