import { CloseButton } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { FileRole } from '../../worker/file-reply.ts';
import { Explain } from '../shared/Explain.tsx';
import { UploadIcon } from '../shared/icons.tsx';
import { clearFile, loadFile } from '../state/actions.ts';
import { experiments } from '../state/config.ts';
import { isActive, notify, useStore } from '../state/store.ts';
import classes from './Controls.module.css';
import { isBundle, Opening, takeBundle } from './OpenBundle.tsx';

const ACCEPT = '.npy,.fits,.fit,.csv,.safetensors,.zip';

/** Stamps and truths of the user's own. They are read in this tab and go nowhere. */
export function OwnData() {
  const files = useStore((store) => store.files);
  const locked = useStore(isActive);
  const rows = useStore((store) => inRows(store.config.workload));
  const over = useFileDrop();
  const roleNames: Readonly<Record<FileRole, string>> = {
    images: rows ? 'Observations' : 'Images',
    truth: 'Truth',
    network: 'Network',
  };
  return (
    <>
      <div className={classes.heading}>
        Your own data, or a bundle
        <Explain what="your own data">
          {rows
            ? 'Observations as NumPy .npy (float32 or float64, shape n × numbers, or n × numbers × 1) or as CSV, one row an observation; and if you have it a CSV with the true values, its columns named theta_1, theta_2 and so on. A trained network as .safetensors.'
            : 'A stack of stamps as NumPy .npy (float32 or float64, shape n × ny × nx) or FITS (an image or a cube), and if you have it a CSV with the true values, one row a stamp.'}{' '}
          Or a bundle: the zip that Export made, or a result folder of the command line, zipped. Its files are checked
          against their hashes, then its configuration and results are shown, without a GPU. All are read in this tab
          and never uploaded.
        </Explain>
      </div>
      {(['images', 'truth', 'network'] as const).map((role) => {
        const file = files[role];
        if (!file) return null;
        return (
          <div key={role} className={classes.file}>
            <span className={classes.fileText}>
              <strong>{roleNames[role]}:</strong> {file.name}
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
      {files.images && (
        <p className={classes.note}>
          {rows
            ? 'Posteriors of these observations are sampled instead of the task’s. Order and units of their numbers must be those that the network was trained on.'
            : 'These images are fitted instead of simulated ones: settings of the truth and the number of items do not count. Profile, PSF, pixel scale and noise must be those of your images.'}
        </p>
      )}
      <Opening />
      <label className={classes.drop} data-over={(over && !locked) || undefined} data-locked={locked || undefined}>
        <UploadIcon />
        <span>
          {rows
            ? 'Drop a .npy or .csv of observations, a .csv of truths, a .safetensors network or a bundle (.zip) on the page, or choose files'
            : 'Drop .npy or .fits stamps, a .csv of truths or a bundle (.zip) on the page, or choose files'}
        </span>
        <input
          type="file"
          multiple
          accept={ACCEPT}
          disabled={locked}
          data-testid="file-drop"
          className={classes.hidden}
          onChange={(event) => {
            const input = event.currentTarget;
            void take(input.files).then(() => {
              input.value = '';
            });
          }}
        />
      </label>
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
  const files = await Promise.all([...(list ?? [])].map(async (file) => ({ file, role: await roleOf(file) })));
  // Images first: the truth table is checked against their number.
  const sorted = files.sort((a, b) => Number(a.role === 'truth') - Number(b.role === 'truth'));
  for (const { file, role } of sorted) await loadFile(role, file);
}

/** Bytes in which the names of a table's columns stand. */
const HEADER_BYTES = 65_536;
/** Name of a parameter's column. */
const PARAMETER = /(?:^|,)\s*"?theta_\d/;

async function roleOf(file: File): Promise<FileRole> {
  const name = file.name.toLowerCase();
  if (name.endsWith('.safetensors')) return 'network';
  if (!name.endsWith('.csv')) return 'images';
  if (!inRows(useStore.getState().config.workload)) return 'truth';
  // Where observations are rows of numbers, a table is one of truths if its columns have the names of parameters.
  const [header] = (await file.slice(0, HEADER_BYTES).text()).replace(/^\uFEFF/, '').split('\n');
  return PARAMETER.test(header) ? 'truth' : 'images';
}

function inRows(workload: string): boolean {
  return experiments.find(({ id }) => id === workload)?.dataInRows === true;
}
