/** Folders of the user's: read where they lie, which may take a while. */
import { bytesOf } from '../../bundle/file-folder.ts';
import { findWorkload } from '../../engine/config/run-config.ts';
import { EngineError } from '../../worker/client.ts';
import { showError } from './actions/refusals.ts';
import { holdFile, theEngine } from './actions.ts';
import { type GivenFolder, rememberGiven } from './given-files.ts';
import { notify, useStore } from './store.ts';

/** For the runs of the experiment on screen, in one of its roles that take a folder; told as it is read, until somebody cancels. */
export async function loadFolder(role: string, { name, parts }: GivenFolder): Promise<void> {
  const { workload } = useStore.getState().config;
  const taking = findWorkload(workload).files.find((each) => each.role === role)!.folder!;
  const taken = parts.filter((part) => taking.takes(part.name));
  const total = bytesOf(taken.map(({ file }) => ({ bytes: file.size })));
  if (taken.length === 0)
    return notify({ tone: 'error', role, message: `${name} holds no file that is read here.` }) as undefined;
  useStore.setState({ folderReading: { role, name, files: taken.length, done: 0, total } });
  const forget = theEngine().on('folderProgress', ({ done, total }) =>
    useStore.setState(({ folderReading: reading }) => ({ folderReading: reading && { ...reading, done, total } })),
  );
  try {
    const read = await theEngine().loadFile(workload, role, name, taken);
    holdFile(workload, read);
    rememberGiven(workload, role, { name, parts: taken });
  } catch (error) {
    const cancelled = error instanceof EngineError && error.report.name === 'AbortError';
    if (!cancelled) showError(error, role);
  } finally {
    forget();
    useStore.setState({ folderReading: undefined });
  }
}

export function cancelFolder(): void {
  void theEngine().cancelFolder();
}
