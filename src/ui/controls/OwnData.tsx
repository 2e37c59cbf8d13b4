import { Suspense, useEffect, useState } from 'react';
import type { FileRole } from '../../workloads/file-role.ts';
import { Explain } from '../shared/Explain.tsx';
import { UploadIcon } from '../shared/icons.tsx';
import { later } from '../shared/later.tsx';
import text from '../shared/text.module.css';
import { guard } from '../state/actions.ts';
import { formExperiment } from '../state/shown.ts';
import { isActive, notify, useStore } from '../state/store.ts';
import classes from './Controls.module.css';
import { OneLine } from './OneLine.tsx';

// Most visits bring no file: what takes and shows one loads with the first.
const taking = () => import('./take-files.ts');
const OwnFiles = later(() => import('./OwnFiles.tsx'));
const ChooseFolder = later(() => import('./ChooseFolder.tsx'));

/** Files of the user's own that the experiment takes, and bundles. They are read in this tab and go nowhere. */
export function OwnData() {
  const some = useStore(
    ({ files, fileAsked, folderReading, opening }) =>
      Object.keys(files).length > 0 || (fileAsked ?? folderReading ?? opening) !== undefined,
  );
  const locked = useStore(isActive);
  const { files: roles } = useStore(formExperiment);
  const over = useFileDrop();
  const accept = [...new Set(roles.flatMap((role) => role.accept)), '.zip'].join(',');
  const folders = roles.flatMap(({ folder }) => folder?.called ?? []);
  const own = roles.length > 0;
  const title = own ? 'Your own data, or a bundle' : 'A bundle';
  const about = (
    <Explain what={own ? 'your own data' : 'bundles'}>
      {roles.map(({ help }) => `${help} `).join('')}
      {own ? 'Or a' : 'A'} bundle: the zip that Export made, or a result folder of the command line, zipped. Its files
      are checked against their hashes, then its configuration and results are shown, without a GPU. All are read in
      this tab and never uploaded.
    </Explain>
  );
  const heading = (
    <div className={classes.heading}>
      {title}
      {about}
    </div>
  );
  return (
    <section aria-label="Your own data">
      <OneLine id="form.files" title={title} beside={about} needed={some} heading={heading} className={classes.group}>
        <label className={classes.drop} data-over={(over && !locked) || undefined} data-locked={locked || undefined}>
          <UploadIcon />
          <span>
            Drop {roles.map(({ drop }) => drop).join(', ')}
            {own && ' or '}a bundle (.zip) on the page, or choose files
          </span>
          <input
            type="file"
            multiple
            accept={accept}
            disabled={locked}
            data-testid="file-drop"
            className={text.hidden}
            onChange={({ currentTarget: input }) => {
              void take(input.files);
              input.value = '';
            }}
          />
        </label>
        {folders.length > 0 && (
          <Suspense>
            <ChooseFolder label={folders.join(' or ')} locked={locked} take={take} />
          </Suspense>
        )}
        <Examples roles={roles} locked={locked} />
        {some && (
          <Suspense>
            <OwnFiles />
          </Suspense>
        )}
      </OneLine>
    </section>
  );
}

function Examples({ roles, locked }: { readonly roles: readonly FileRole[]; readonly locked: boolean }) {
  const shown = roles.filter(({ example }) => example);
  if (shown.length === 0) return null;
  return (
    <p className={`${classes.note} ${classes.examples}`}>
      Try with an example and its preset:
      {shown.map(({ role, example }) => (
        <button
          key={role}
          type="button"
          className={classes.link}
          disabled={locked}
          data-testid={`example-${role}`}
          onClick={() => void guard(async () => (await taking()).takeExample(role))}
        >
          {example?.title}
        </button>
      ))}
    </p>
  );
}

/** Loads files dropped anywhere on the page; one that missed a small target would replace the page. True while files hover. */
function useFileDrop(): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const enter = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(false);
      if (isActive(useStore.getState()))
        notify({ tone: 'info', message: 'A run holds the device.', todo: 'Stop it, then drop the files again.' });
      else void take(event.dataTransfer!.files, event.dataTransfer!.items);
    };
    window.addEventListener('dragover', enter);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', enter);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, []);
  return over;
}

/** @param items of a drop: what they are must be asked before anything is waited for */
async function take(list: FileList | null, items?: DataTransferItemList): Promise<void> {
  const entries = [...(items ?? [])].flatMap((item) => item.webkitGetAsEntry?.() ?? []);
  // A folder stands among the files, too, as one that cannot be read.
  const folders = new Set(entries.flatMap(({ isDirectory, name }) => (isDirectory ? [name] : [])));
  const files = [...(list ?? [])].filter(({ name }) => !folders.has(name));
  await guard(async () => (await taking()).takeFiles(files, entries));
}
