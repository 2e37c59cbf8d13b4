/** Threads for netCDF files, in browsers: a worker of the engine's worker. */
import type { NetcdfAnswer, StartNetcdfThread } from '../bundle/netcdf-start.ts';

export const netcdfWorkers: StartNetcdfThread = (answered, broken) => {
  const worker = new Worker(new URL('./netcdf.worker.ts', import.meta.url), {
    type: 'module',
    name: 'lockstep-netcdf',
  });
  worker.onmessage = ({ data }: MessageEvent<NetcdfAnswer>) => answered(data);
  worker.onerror = (event) => {
    event.preventDefault();
    broken(event.message || 'it did not load');
  };
  return { ask: (question) => worker.postMessage(question), end: () => worker.terminate() };
};
