/** What a person can do on the page. Components call these; nothing else talks to the engine. */

export { download } from '../shared/download.ts';
export {
  setBatch,
  setConfig,
  setParam,
  setPrecision,
  setPreset,
  setSeed,
  setWorkload,
} from './actions/configuration.ts';
export { prepare, startEngine, theEngine } from './actions/engine.ts';
export {
  cancelExport,
  exportBundle,
  setAdapterDetails,
  setComparison,
  setMeasured,
} from './actions/export.ts';
export { chooseFor, clearFile, holdFile, loadFile, loseFiles } from './actions/files.ts';
export { replan } from './actions/plan.ts';
export { guard, setFieldError } from './actions/refusals.ts';
export { cleared, extendRun, pauseOrResume, resultsOf, run, step, stop, watch } from './actions/run.ts';
export { itemOf, select, showFaults, showTab } from './actions/view.ts';
