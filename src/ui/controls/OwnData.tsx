import { CloseButton } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { FileRole } from '../../worker/protocol.ts';
import { Explain } from '../shared/Explain.tsx';
import { UploadIcon } from '../shared/icons.tsx';
import { clearFile, loadFile } from '../state/actions.ts';
import { isActive, notify, useStore } from '../state/store.ts';
import classes from './Controls.module.css';
import { isBundle, Opening, takeBundle } from './OpenBundle.tsx';

const ROLE_NAMES: Readonly<Record<FileRole, string>> = { images: 'Images', truth: 'Truth', network: 'Network' };
const ACCEPT = '.npy,.fits,.fit,.csv,.safetensors,.zip';

/** Stamps and truths of the user's own. They are read in this tab and go nowhere. */
export function OwnData() {
  const files = useStore((store) => store.files);
  const locked = useStore(isActive);
  const over = useFileDrop();
  return (
    <>
      <div className={classes.heading}>
        Your own data, or a bundle
        <Explain what="your own data">
          A stack of stamps as NumPy .npy (float32 or float64, shape n × ny × nx) or FITS (an image or a cube), and if
          you have it a CSV with the true values, one row a stamp. Or a bundle: the zip that Export made, or a result
          folder of the command line, zipped. Its files are checked against their hashes, then its configuration and
          results are shown, without a GPU. All are read in this tab and never uploaded.
        </Explain>
      </div>
      {(['images', 'truth', 'network'] as const).map((role) => {
        const file = files[role];
        if (!file) return null;
        return (
          <div key={role} className={classes.file}>
            <span className={classes.fileText}>
              <strong>{ROLE_NAMES[role]}:</strong> {file.name}
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
          These images are fitted instead of simulated ones: settings of the truth and the number of items do not count.
          Profile, PSF, pixel scale and noise must be those of your images.
        </p>
      )}
      <Opening />
      <label className={classes.drop} data-over={(over && !locked) || undefined} data-locked={locked || undefined}>
        <UploadIcon />
        <span>Drop .npy or .fits stamps, a .csv of truths or a bundle (.zip) on the page, or choose files</span>
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
  // Images first: the truth table is checked against their number.
  const sorted = [...(list ?? [])].sort((a, b) => Number(isTruth(a)) - Number(isTruth(b)));
  for (const file of sorted) await loadFile(roleOf(file), file);
}

function roleOf(file: File): FileRole {
  if (file.name.toLowerCase().endsWith('.safetensors')) return 'network';
  return isTruth(file) ? 'truth' : 'images';
}

function isTruth(file: File): boolean {
  return file.name.toLowerCase().endsWith('.csv');
}
