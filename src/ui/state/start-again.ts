/** The engine's worker in the place of one that has ended: device and files as before. Results stay as they are. */
import { listed } from '../format.ts';
import { guard, holdFile, loseFiles, prepare, replan, theEngine } from './actions.ts';
import { givenFile, isFolder, rememberGiven } from './given-files.ts';
import { notify, useStore } from './store.ts';

/** Starts it; one that is still there, and whatever it does, ends first. */
export async function startAgain(): Promise<void> {
  const engine = theEngine();
  engine.restart();
  useStore.setState({ engineTrouble: undefined, device: undefined });
  const device = await guard(() => engine.init({ base: document.baseURI }));
  if (!device) return;
  useStore.setState({ device });
  prepare();
  readFromHistory();
  await giveFiles();
  replan(0);
  // What could not be loaded says so by itself.
  await import('./resume.ts').then(({ watchForRuns }) => watchForRuns()).catch(() => undefined);
}

/** What the engine that ended had made and kept: its items come from the history from now on. */
function readFromHistory(): void {
  const { opened, keptId, kept } = useStore.getState();
  const entry = kept?.entries.find(({ id }) => id === keptId);
  if (opened || !entry) return;
  const { id, title } = entry;
  const item = (index: number) => theEngine().keptItem(id, index);
  useStore.setState({ opened: { id, title: `${title}, from the history`, item } });
}

/** Gives the engine the files that the one before had. What cannot be read again, or was made by the engine itself, is named. */
async function giveFiles(): Promise<void> {
  const lost: string[] = [];
  for (const { workload, file } of loseFiles()) {
    const source = givenFile(workload, file.role);
    const load = async () =>
      source &&
      theEngine().loadFile(
        workload,
        file.role,
        source.name,
        isFolder(source) ? source.parts : await source.arrayBuffer(),
      );
    const again = async () => {
      const read = await load();
      return read && file.options ? theEngine().chooseFor(workload, file.role, file.options) : read;
    };
    const read = await again().catch(() => undefined);
    if (read && source) {
      holdFile(workload, read);
      rememberGiven(workload, file.role, source);
    } else lost.push(file.name);
  }
  if (lost.length > 0)
    notify({
      tone: 'warning',
      message: `The engine that ended had ${listed(lost)}.`,
      todo: 'Load again what the next run shall take.',
    });
}
