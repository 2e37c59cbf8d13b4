/** C2ST of samples in the scoring worker: one question after the other. Started with the first. */
import type { ScoreReply, ScoreRequest } from '../jobs/score.ts';
import { type ScorePort, startScoreWorker } from '../jobs/scorer.ts';

let port: ScorePort | undefined;
let last: Promise<unknown> = Promise.resolve();

/** Rejects where the samples cannot be judged. */
export function score(request: ScoreRequest): Promise<Extract<ScoreReply, { type: 'score' }>> {
  const next = last.then(() => ask(request));
  last = next.catch(() => undefined);
  return next;
}

function ask(request: ScoreRequest): Promise<Extract<ScoreReply, { type: 'score' }>> {
  port ??= startScoreWorker();
  const worker = port;
  if (!worker) return Promise.reject(new Error('This browser starts no worker to measure with.'));
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => (data.type === 'score' ? resolve(data) : reject(new Error(data.message)));
    worker.onerror = (event) => {
      port = undefined;
      reject(new Error(event.message || 'The worker that measures has failed.'));
    };
    worker.postMessage(request);
  });
}
