/** Threads for netCDF files, in Node and Deno: the command line's own file once more, which serves when it finds itself in a thread. */
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import type { NetcdfAnswer, NetcdfQuestion, StartNetcdfThread } from '../bundle/netcdf-start.ts';
import { answerNetcdf } from '../bundle/netcdf-thread.ts';

/** @param script whose main module calls `serveNetcdf` */
export function netcdfThreads(script: URL): StartNetcdfThread {
  return (answered, broken) => {
    // The library's own complaints about damaged files are said in our words.
    const worker = new Worker(script, { argv: [], stdout: true, stderr: true });
    let ended = false;
    worker.on('message', (answer: NetcdfAnswer) => {
      // The process waits for an answer, and not for a thread without work.
      if (answer.type !== 'begun') worker.unref();
      answered(answer);
    });
    worker.on('error', ({ message }) => broken(message));
    worker.on('exit', () => {
      if (!ended) broken('it ended by itself');
    });
    return {
      ask(question) {
        worker.ref();
        worker.postMessage(question);
      },
      end() {
        ended = true;
        void worker.terminate();
      },
    };
  };
}

/** Answers the questions of the thread that started this one; false in the process's first thread. */
export function serveNetcdf(): boolean {
  const port = parentPort;
  if (isMainThread || !port) return false;
  port.on('message', (question: NetcdfQuestion) => void answerNetcdf(question, (answer) => port.postMessage(answer)));
  return true;
}
