import { Button, CloseButton, NativeSelect } from '@mantine/core';
import { useEffect, useState } from 'react';
import { findWorkload } from '../../engine/config/run-config.ts';
import type { FileRole } from '../../workloads/file-role.ts';
import { roleFor } from '../../workloads/role-for.ts';
import { filesOfPage } from '../../workloads/shipped-files.ts';
import { Explain } from '../shared/Explain.tsx';
import { UploadIcon } from '../shared/icons.tsx';
import text from '../shared/text.module.css';
import { chooseFor, clearFile, loadFile } from '../state/actions.ts';
import { isActive, notify, useStore } from '../state/store.ts';
import classes from './Controls.module.css';
import { isBundle, Opening, takeBundle } from './OpenBundle.tsx';

/** Files of the user's own that the experiment takes, and bundles. They are read in this tab and go nowhere. */
export function OwnData() {
  const files = useStore((store) => store.files);
  const locked = useStore(isActive);
  const roles = useStore((store) => findWorkload(store.config.workload).files);
  const over = useFileDrop();
  const accept = [...new Set(roles.flatMap((role) => role.accept)), '.zip'].join(',');
  const some = roles.length > 0;
  return (
    <>
      <div className={classes.heading}>
        {some ? 'Your own data, or a bundle' : 'A bundle'}
        <Explain what={some ? 'your own data' : 'bundles'}>
          {roles.map(({ help }) => `${help} `).join('')}
          {some ? 'Or a' : 'A'} bundle: the zip that Export made, or a result folder of the command line, zipped. Its
          files are checked against their hashes, then its configuration and results are shown, without a GPU. All are
          read in this tab and never uploaded.
        </Explain>
      </div>
      {roles.map(({ role, label }) => {
        const file = files[role];
        if (!file) return null;
        return (
          <div key={role} className={classes.file}>
            <span className={classes.fileText}>
              <strong>{label}:</strong> {file.name}
              <br />
              <span className={classes.unit}>{file.what}</span>
            </span>
            <CloseButton
              size="sm"
              aria-label={`Remove ${file.name}`}
              disabled={locked}
              onClick={() => clearFile(role)}
            />
          </div>
        );
      })}
      {roles.flatMap(({ role, options = [] }) => {
        const file = files[role];
        return options
          .filter(({ name }) => file?.choices?.includes(name))
          .map(({ name, label, help, values = [] }) => (
            <NativeSelect
              key={name}
              size="xs"
              label={label}
              description={`${help[0].toUpperCase()}${help.slice(1)}.`}
              data={[...values]}
              value={file?.options?.[name] ?? values[0]?.value}
              disabled={locked}
              onChange={(event) => void chooseFor(role, name, event.currentTarget.value)}
            />
          ));
      })}
      {roles.map(
        ({ role, note }) =>
          note &&
          files[role] && (
            <p key={role} className={classes.note}>
              {note}
            </p>
          ),
      )}
      <Opening />
      <label className={classes.drop} data-over={(over && !locked) || undefined} data-locked={locked || undefined}>
        <UploadIcon />
        <span>
          Drop {roles.map(({ drop }) => drop).join(', ')}
          {some && ' or '}a bundle (.zip) on the page, or choose files
        </span>
        <input
          type="file"
          multiple
          accept={accept}
          disabled={locked}
          data-testid="file-drop"
          className={text.hidden}
          onChange={(event) => {
            const input = event.currentTarget;
            void take(input.files).then(() => {
              input.value = '';
            });
          }}
        />
      </label>
      {roles.map(
        ({ role, example }) =>
          example && (
            <Button
              key={role}
              size="compact-xs"
              variant="subtle"
              disabled={locked}
              onClick={() => void takeExample(role, example)}
            >
              Take {example.title}
            </Button>
          ),
      )}
    </>
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
      else void take(event.dataTransfer!.files);
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

async function take(list: FileList | null): Promise<void> {
  const bundle = [...(list ?? [])].find(isBundle);
  if (bundle) return takeBundle(bundle);
  const { files: roles, title } = findWorkload(useStore.getState().config.workload);
  const head = async (file: File) => roleFor(roles, file.name, await file.slice(0, HEAD_BYTES).text());
  const files = await Promise.all([...(list ?? [])].map(async (file) => ({ file, role: await head(file) })));
  // In the order of the roles: what goes with another is checked against it.
  for (const { file, role } of files.sort((a, b) => roles.indexOf(a.role!) - roles.indexOf(b.role!)))
    if (role) await loadFile(role.role, file);
    else notify({ tone: 'error', message: `${title} takes no files: ${file.name} was not read.` });
}

async function takeExample(role: string, { path, title }: NonNullable<FileRole['example']>): Promise<void> {
  const bytes = await filesOfPage(document.baseURI)(path).catch(() => undefined);
  if (bytes) await loadFile(role, new File([bytes], path.slice(path.lastIndexOf('/') + 1)));
  else notify({ tone: 'error', message: `${title} could not be fetched.`, todo: 'Try again.' });
}

/** Bytes in which a role finds what a file is, e.g. the names of a table's columns. */
const HEAD_BYTES = 65_536;
