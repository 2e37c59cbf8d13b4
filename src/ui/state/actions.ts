/** What a person can do on the page. Components call these; nothing else talks to the engine. */

import { findWorkload, type RunConfig } from '../../engine/config/run-config.ts';
import type { ItemResult } from '../../results/kind.ts';
import type { PrecisionComparison, RunQuality } from '../../results/posterior/quality/types.ts';
import { connectEngine, type EngineClient, EngineError } from '../../worker/client.ts';
import type { FileReply } from '../../worker/file-reply.ts';
import type { ParamValue } from '../../workloads/params.ts';
import type { Precision } from '../../workloads/workload.ts';
import { configForPreset, configForWorkload, writeUrl } from './config.ts';
import { emptyHistory } from './history.ts';
import { lackedFile } from './lacked-file.ts';
import { mayReplace } from './only-here.ts';
import { rememberAdapterDetails } from './preferences.ts';
import { BEFOREHAND, isActive, isTuning, lasting, notify, useStore } from './store.ts';
import type { Notice, Store, TabId } from './types.ts';
import { voidFiles } from './void-files.ts';
import { wire } from './wiring.ts';

const PLAN_DELAY_MS = 120;

let engine: EngineClient | undefined;
let planTimer: ReturnType<typeof setTimeout> | undefined;
let planNumber = 0;
let measured: { readonly run: unknown; readonly quality: RunQuality | undefined } | undefined;
let compared: { readonly precisions: PrecisionComparison; readonly fits: Fits } | undefined;
/** The form of each experiment as it was left, by id. */
const forms = new Map<string, RunConfig>();
/** The files of each experiment that is not on screen, by its id: the engine holds them for its runs. */
const filesLeft = new Map<string, Store['files']>();
/** The user's files that a run began with. */
const filesOfRun = new WeakMap<RunConfig, Store['files']>();
/** The field that the engine last refused, and why. */
let refusal: { readonly field: string; readonly message: string } | undefined;

/** Starts the engine's worker; undefined where it has been started. */
export function startEngine(): EngineClient | undefined {
  if (engine) return undefined;
  engine = connectEngine();
  wire(engine);
  return engine;
}

/** Somebody uses the page: what a run needs is loaded, so that it starts at once. */
export function prepare(): void {
  engine?.prepare();
}

/** Puts a whole configuration on screen; what was wrong in the form is gone with it. */
export function setConfig(config: RunConfig): void {
  change(config, []);
  useStore.setState({ fieldErrors: {} });
}

export function setParam(key: string, value: ParamValue): void {
  const { config } = useStore.getState();
  change({ ...config, params: { ...config.params, [key]: value } }, [`params.${key}`]);
}

export function setSeed(seed: number): void {
  change({ ...useStore.getState().config, seed }, ['seed']);
}

export function setPrecision(precision: Precision): void {
  change({ ...useStore.getState().config, precision }, ['precision']);
}

export function setBatch(batch: Partial<RunConfig['batch']>): void {
  const { config } = useStore.getState();
  const fields = Object.keys(batch).map((key) => `batch.${key}`);
  change({ ...config, batch: { ...config.batch, ...batch } }, fields);
}

/** A configuration in which `fields` have become right; what is wrong with others stays wrong. */
function change(config: RunConfig, fields: readonly string[]): void {
  for (const field of fields) setFieldError(field, undefined);
  const { config: before, files } = useStore.getState();
  // Another experiment's plan says nothing of this one; its form is there again when somebody comes back to it.
  if (before.workload !== config.workload) {
    forms.set(before.workload, before);
    warnBeforehand([]);
    filesLeft.set(before.workload, files);
    const named = Object.values(files).flatMap((file) => file?.name ?? []);
    // What was said of its files is void here, unless it was said of the results on screen.
    const about = ({ ofRun, role, message }: Notice) =>
      !ofRun && (role !== undefined || named.some((name) => message.includes(name)));
    useStore.setState(({ notices }) => ({
      plan: undefined,
      unplanned: false,
      files: filesLeft.get(config.workload) ?? {},
      notices: notices.filter((notice) => !about(notice)),
    }));
  }
  useStore.setState({ config });
  if (before.workload !== config.workload) warnOfCounts();
  writeUrl(config);
  replan();
}

export function setPreset(preset: string): void {
  setConfig(configForPreset(useStore.getState().config, preset));
}

export function setWorkload(id: string): void {
  setConfig(forms.get(id) ?? configForWorkload(id));
}

/** A field holds text that is no valid value: the run is refused until it does. */
export function setFieldError(path: string, message: string | undefined): void {
  useStore.setState(({ fieldErrors: { [path]: _, ...rest } }) => ({
    fieldErrors: message ? { ...rest, [path]: message } : rest,
  }));
}

/** Asks the engine for the memory of the configuration on screen. */
export function replan(delayMs = PLAN_DELAY_MS): void {
  clearTimeout(planTimer);
  planTimer = setTimeout(async () => {
    const number = ++planNumber;
    const { config } = useStore.getState();
    // Another experiment may have been chosen before the next plan is asked for.
    const current = () => number === planNumber && config.workload === useStore.getState().config.workload;
    try {
      const plan = await engine?.plan(config);
      if (!plan || !current()) return;
      forgetRefusal();
      warnBeforehand(plan.warnings);
      useStore.setState({ plan, unplanned: false });
    } catch (error) {
      if (!current()) return;
      forgetRefusal();
      useStore.setState({ unplanned: true });
      showError(error);
    }
  }, delayMs);
}

/** What the plan knows of the files: told once, and void when another plan no longer says so. */
function warnBeforehand(warnings: readonly string[]): void {
  const before = useStore.getState().plan?.warnings ?? [];
  if (warnings.join() === before.join()) return;
  useStore.setState(({ notices }) => ({ notices: notices.filter(({ key }) => key !== BEFOREHAND) }));
  if (warnings.length > 0) notify({ tone: 'warning', key: BEFOREHAND, message: warnings.join(' ') });
}

/** Starts a run, or goes on with a paused one. */
export async function run(options: { paused?: boolean } = {}): Promise<void> {
  if (useStore.getState().status === 'paused') return engine?.resume();
  if (!mayStart() || !(await mayReplace('A new run')) || !(await mayTakeOther()) || !mayStart()) return;
  const store = useStore.getState();
  clearTimeout(planTimer);
  useStore.setState({
    ...cleared(),
    status: 'running',
    ranConfig: store.config,
    notices: lasting(store.notices),
  });
  try {
    filesOfRun.set(store.config, store.files);
    useStore.setState({ run: await engine!.run(store.config, options) });
    engine!.watch(useStore.getState().watched);
  } catch (error) {
    showError(error);
    // A field at fault, or a device that is busy: nothing was begun, and the engine still has the results of the run before.
    const refused = error instanceof EngineError && (error.field !== undefined || error.report.name === 'NotNowError');
    useStore.setState(refused ? resultsOf(store) : { status: 'failed' });
  }
}

/** Whether the file that is there, or what ships, may take the place of the one that the results on screen came from. */
async function mayTakeOther(): Promise<boolean> {
  const store = useStore.getState();
  const lacked = lackedFile(store);
  if (!lacked) return true;
  if (store.fileQuestion) return false;
  const instead = store.files[lacked.role]?.name ?? lacked.shipped;
  return new Promise((resolve) => {
    const answer = (goOn: boolean) => {
      useStore.setState({ fileQuestion: undefined });
      resolve(goOn);
    };
    useStore.setState({ fileQuestion: { lacked, instead, answer } });
  });
}

/** False, and the reader is told why, where a run cannot begin now. */
function mayStart(): boolean {
  const store = useStore.getState();
  if (isActive(store) || !store.device) return false;
  const problem = Object.keys(store.fieldErrors)[0];
  if (isTuning(store))
    notify({ tone: 'info', message: 'Not started: the tuner is at work.', todo: 'Cancel it first.' });
  else if (problem !== undefined) notify({ tone: 'error', message: `Not started: ${store.fieldErrors[problem]}` });
  else return true;
  return false;
}

export function pauseOrResume(): void {
  const { status } = useStore.getState();
  if (status === 'running') engine?.pause();
  else if (status === 'paused') engine?.resume();
}

/** One transition, then paused; from rest it starts a run that stops before the second. */
export async function step(): Promise<void> {
  if (!isActive(useStore.getState())) await run({ paused: true });
  if (isActive(useStore.getState())) engine?.step();
}

export function stop(): void {
  if (isActive(useStore.getState())) engine?.stop();
}

export function watch(watched: Store['watched']): void {
  useStore.setState({ watched, trail: [] });
  engine?.watch(watched);
}

/** Opens the panel of faults on demand, or brings the one that is open into view; or closes it. */
export function showFaults(open: boolean): void {
  useStore.setState(({ faultsOpen }) => ({ faultsOpen: open ? faultsOpen + 1 : 0 }));
}

export function showTab(tab: TabId): void {
  useStore.setState({ tab });
}

/** All of an item's result, of those on screen. */
export function itemOf(index: number): Promise<ItemResult> {
  return useStore.getState().opened?.item(index) ?? engine!.item(index);
}

/** The engine of this page, for actions that live in files of their own because few visits need them. */
export function theEngine(): EngineClient {
  return engine!;
}

/** Selects a finished item and fetches all of its result. */
export async function select(index: number): Promise<void> {
  useStore.setState({ selected: index });
  const selectedItem = await guard(() => itemOf(index));
  if (selectedItem && useStore.getState().selected === index) useStore.setState({ selectedItem });
}

/** For the runs of the experiment on screen, in one of its roles. */
export async function loadFile(role: string, file: File): Promise<void> {
  const { workload } = useStore.getState().config;
  const load = async () => engine!.loadFile(workload, role, file.name, await file.arrayBuffer());
  const read = await load().catch((error: unknown) => showError(error, role));
  if (read) holdFile(workload, read);
}

/** The engine has a file for the runs of an experiment, which need not be on screen any more. */
export function holdFile(workload: string, read: FileReply): void {
  if (workload !== useStore.getState().config.workload) {
    filesLeft.set(workload, { ...filesLeft.get(workload), [read.role]: read });
    return;
  }
  const { files } = useStore.getState();
  const before = files[read.role];
  forgetNotices(read.role);
  useStore.setState({ files: { ...files, [read.role]: read } });
  for (const { role, name } of voidFiles(findWorkload(workload), files, read)) {
    clearFile(role);
    const message = `${name} was let go: it belonged to ${before?.name}, whose place ${read.name} has taken.`;
    notify({ tone: 'warning', role, message, todo: 'Give it again if it holds for the new file, too.' });
  }
  warnOfCounts();
  replan(0);
}

/** Of files on screen that go together and do not hold as many of what they count. */
function warnOfCounts(): void {
  const { config, files } = useStore.getState();
  for (const { role, counts } of findWorkload(config.workload).files) {
    const [file, other] = [files[role], counts && files[counts.as]];
    if (file && other && file.count !== other.count)
      notify({
        tone: 'warning',
        message: `${file.name} has ${file.what}, ${other.name} has ${other.what}.`,
        todo: counts?.todo,
      });
  }
}

/** Has a file that is there read again with another choice about it. */
export async function chooseFor(role: string, name: string, value: string): Promise<void> {
  const { config, files } = useStore.getState();
  const options = { ...files[role]?.options, [name]: value };
  const read = await engine!
    .chooseFor(config.workload, role, options)
    .catch((error: unknown) => showError(error, role));
  if (read) holdFile(config.workload, read);
}

export function clearFile(role: string): void {
  engine?.clearFile(useStore.getState().config.workload, role);
  forgetNotices(role);
  useStore.setState(({ files: { [role]: _, ...rest } }) => ({ files: rest }));
  replan(0);
}

/** What was said about the file of this role, and of those that were refused, is void once another takes its place, or none. */
function forgetNotices(role: string): void {
  useStore.setState(({ files, notices, plan }) => {
    const name = files[role]?.name;
    const about = (notice: Notice) => notice.role === role || (name !== undefined && notice.message.includes(name));
    // What the plan said is said again, should it be as true of its successor.
    return { notices: notices.filter((notice) => !about(notice)), plan: plan && { ...plan, warnings: [] } };
  });
}

/** Whether exports say what the graphics adapter is. */
export function setAdapterDetails(adapterDetails: boolean): void {
  useStore.setState({ adapterDetails });
  rememberAdapterDetails(adapterDetails);
}

/** Builds the bundle and hands it to the browser as a download; results out of a bundle go back as that very file. */
export async function exportBundle(): Promise<void> {
  const store = useStore.getState();
  if (store.opened?.bundle) return download(store.opened.bundle, store.opened.bundle.name);
  if (store.exporting || store.opened || store.summaries.length === 0) return;
  // Of a run under way it is a part.
  const whole = isActive(store) ? undefined : store.summaries;
  useStore.setState({ exporting: { done: 0, total: 0, file: '' } });
  const quality = qualityOf(store);
  const bundle = await engine!.export({ adapterDetails: store.adapterDetails, quality }).catch((error: unknown) => {
    // A cancelled export is what was asked for; only then is `exporting` already gone.
    if (useStore.getState().exporting) showError(error);
    return undefined;
  });
  useStore.setState({ exporting: undefined });
  if (!bundle) return;
  download(bundle.blob, bundle.name);
  useStore.setState({ exported: whole });
}

/** What was measured of the results on screen last; it goes into their bundle. */
export function setMeasured(quality: RunQuality | undefined): void {
  measured = { run: useStore.getState().run, quality };
}

/** Whether a comparison of precisions is of a run's configuration and files. */
type Fits = (config: RunConfig, files: Store['files']) => boolean;

/** How precisions compare; it goes into the bundle of a run that it fits. */
export function setComparison(precisions: PrecisionComparison, fits: Fits): void {
  compared = { precisions, fits };
}

/** All that was measured of the run on screen; undefined where nothing was. */
function qualityOf({ run, ranConfig, summaries }: Store): RunQuality | undefined {
  const quality = measured?.run === run ? measured?.quality : undefined;
  const files = ranConfig && filesOfRun.get(ranConfig);
  if (!compared || !ranConfig || !files || !compared.fits(ranConfig, files)) return quality;
  const none = { size: 'quick', compared: [], failed: [], mean: null, calibration: null } as const;
  return { ...none, items: summaries.length, ...quality, precisions: compared.precisions };
}

export function cancelExport(): void {
  useStore.setState({ exporting: undefined });
  engine?.cancelExport();
}

/** Hands a file to the browser as a download. */
export function download(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser needs the address until the download has begun; there is no event that says so.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** What `cleared` clears, as it was. */
export function resultsOf(store: Store): Partial<Store> {
  const { status, ranConfig, run, progress, events, history, watched, peek, trail } = store;
  const { opened, keptId, exported, summaries, failed, together, selected, selectedItem } = store;
  return {
    ...{ status, ranConfig, run, progress, events, history, watched, peek, trail },
    ...{ opened, keptId, exported, summaries, failed, together, selected, selectedItem },
  };
}

/** The store without a run. */
export function cleared(): Partial<Store> {
  return {
    opened: undefined,
    keptId: undefined,
    keeping: false,
    exported: undefined,
    run: undefined,
    progress: undefined,
    events: [],
    history: emptyHistory,
    watched: { chain: 0 },
    peek: undefined,
    trail: [],
    summaries: [],
    failed: [],
    together: undefined,
    selected: undefined,
    selectedItem: undefined,
  };
}

/** What went wrong is shown to the reader; undefined then. */
export async function guard<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    showError(error);
    return undefined;
  }
}

/** An error with a field goes to that field; the rest, and files, become notices. @param role of the file that was refused */
function showError(error: unknown, role?: string): undefined {
  if (!(error instanceof EngineError)) {
    notify({ tone: 'error', message: error instanceof Error ? error.message : String(error), role });
    return;
  }
  const { field, message, kept, todo } = error.report;
  if (field?.startsWith('params.') || field?.startsWith('batch.') || field === 'seed') {
    setFieldError(field, message);
    refusal = { field, message };
  } else notify({ tone: 'error', message, kept, todo, role });
}

/** What the engine found wrong with a field may be put right by another one: its next answer decides again. */
function forgetRefusal(): void {
  if (refusal && useStore.getState().fieldErrors[refusal.field] === refusal.message)
    setFieldError(refusal.field, undefined);
  refusal = undefined;
}
