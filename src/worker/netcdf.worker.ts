/** The thread in which the page reads netCDF files that somebody gave. */
import type { NetcdfAnswer, NetcdfQuestion } from '../bundle/netcdf-start.ts';
import { answerNetcdf } from '../bundle/netcdf-thread.ts';

/** The little of a dedicated worker's scope that is used here (the DOM library types `self` as a window). */
interface WorkerScope {
  postMessage(message: NetcdfAnswer): void;
  onmessage: ((event: MessageEvent<NetcdfQuestion>) => void) | null;
}

const scope = self as unknown as WorkerScope;
scope.onmessage = ({ data }) => void answerNetcdf(data, (answer) => scope.postMessage(answer));
