/** Text to the disk and to the clipboard. */
import { download } from '../state/actions.ts';
import { notify } from '../state/store.ts';

export function saveText(name: string, mediaType: string, text: string): void {
  download(new Blob([text], { type: `${mediaType};charset=utf-8` }), name);
}

/** False, with a message, where the browser does not let the page write to the clipboard. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    notify({
      tone: 'info',
      message: 'This browser does not let the page write to the clipboard.',
      todo: 'Download the file instead.',
    });
    return false;
  }
}
