/** The user's files, by role, for the runs of an experiment. */

import type { FileOptions } from '../../../bundle/own-file.ts';
import { findWorkload } from '../../../engine/config/run-config.ts';
import { EngineError } from '../../../worker/client.ts';
import type { FileReply } from '../../../worker/file-reply.ts';
import { forgetGiven, givenFile, rememberGiven } from '../given-files.ts';
import { notify, useStore } from '../store.ts';
import type { Notice, Store } from '../types.ts';
import { voidFiles } from '../void-files.ts';
import { engine, theEngine } from './engine.ts';
import { replan } from './plan.ts';
import { showError } from './refusals.ts';

/** The files of each experiment that is not on screen, by its id: the engine holds them for its runs. */
const filesLeft = new Map<string, Store['files']>();

/** Puts the files of one experiment away, and those of another on screen. */
export function changeFiles(before: string, after: string): void {
  const { files } = useStore.getState();
  filesLeft.set(before, files);
  const named = Object.values(files).flatMap((file) => file?.name ?? []);
  // What was said of its files is void here, unless it was said of the results on screen.
  const about = ({ ofRun, role, message }: Notice) =>
    !ofRun && (role !== undefined || named.some((name) => message.includes(name)));
  useStore.setState(({ notices }) => ({
    fileAsked: undefined,
    files: filesLeft.get(after) ?? {},
    notices: notices.filter((notice) => !about(notice)),
  }));
}

/** For the runs of the experiment on screen, in one of its roles. Where it takes a choice to read it, the reader is asked. */
export async function loadFile(role: string, file: File, options?: FileOptions): Promise<void> {
  const { workload } = useStore.getState().config;
  const load = async () => theEngine().loadFile(workload, role, file.name, await file.arrayBuffer(), options);
  const read = await load().catch((error: unknown) => {
    const { choices, message } = error instanceof EngineError ? error.report : {};
    if (!choices || !message) return showError(error, role);
    useStore.setState({ fileAsked: { role, file, message, choices } });
  });
  if (!read) return;
  useStore.setState({ fileAsked: undefined });
  holdFile(workload, read);
  rememberGiven(workload, read.role, file);
}

/** The engine has a file for the runs of an experiment, which need not be on screen any more. */
export function holdFile(workload: string, read: FileReply): void {
  forgetGiven(workload, read.role);
  if (workload !== useStore.getState().config.workload) {
    filesLeft.set(workload, { ...filesLeft.get(workload), [read.role]: read });
    return;
  }
  const { files } = useStore.getState();
  const before = files[read.role];
  forgetNotices(read.role);
  // Another file is another question, whatever it looks like.
  useStore.setState({ files: { ...files, [read.role]: read }, confirmed: undefined });
  for (const { role, name } of voidFiles(findWorkload(workload), files, read)) {
    clearFile(role);
    const message = `${name} was let go: it belonged to ${before?.name}, whose place ${read.name} has taken.`;
    notify({ tone: 'warning', role, message, todo: 'Give it again if it holds for the new file, too.' });
  }
  warnOfCounts();
  replan(0);
}

/** Has a file that is there read again with another choice about it. */
export async function chooseFor(role: string, name: string, value: string): Promise<void> {
  const { config, files } = useStore.getState();
  const options = { ...files[role]?.options, [name]: value };
  const choose = async () => theEngine().chooseFor(config.workload, role, options);
  const read = await choose().catch((error: unknown) => showError(error, role));
  if (!read) return;
  // The same file, read otherwise.
  const source = givenFile(config.workload, role);
  holdFile(config.workload, read);
  if (source) rememberGiven(config.workload, role, source);
}

export function clearFile(role: string): void {
  const { workload } = useStore.getState().config;
  engine?.clearFile(workload, role);
  forgetGiven(workload, role);
  forgetNotices(role);
  useStore.setState(({ files: { [role]: _, ...rest } }) => ({ files: rest }));
  replan(0);
}

/** The engine has no file any more. @returns those that it had, of all experiments */
export function loseFiles(): { readonly workload: string; readonly file: FileReply }[] {
  const { config, files } = useStore.getState();
  const all = [...filesLeft.set(config.workload, files)].flatMap(([workload, held]) =>
    Object.values(held).flatMap((file) => (file ? [{ workload, file }] : [])),
  );
  filesLeft.clear();
  useStore.setState({ files: {} });
  return all;
}

/** Of files on screen that go together and do not hold as many of what they count. */
export function warnOfCounts(): void {
  const { config, files } = useStore.getState();
  for (const { role, counts } of findWorkload(config.workload).files) {
    const [file, other] = [files[role], counts && files[counts.as]];
    if (file && other && file.count !== other.count)
      notify({
        tone: 'warning',
        message: `${file.name} has ${counted(file)}, ${other.name} has ${counted(other)}.`,
        todo: counts?.todo,
      });
  }
}

/** How many of what a file has, without how it was read. */
function counted({ what }: FileReply): string {
  return what.split(';', 1)[0];
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
