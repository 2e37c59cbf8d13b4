/** Files that ship with the program (`public/`): fetched by a page, read from disk by the command line. */

/** The bytes of a file by its path below `public/`; undefined where there is none. */
export type ShippedFiles = (path: string) => Promise<Uint8Array<ArrayBuffer> | undefined>;

let files: ShippedFiles = async () => undefined;

/** Said once, before anything runs. */
export function setShippedFiles(source: ShippedFiles): void {
  files = source;
}

export function shippedFile(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  return files(path);
}

/** Files beside a page. @param base address of the page */
export function filesOfPage(base: string): ShippedFiles {
  return async (path) => {
    const answer = await fetch(new URL(path, base));
    // Some servers answer with the page itself for what they do not have.
    if (!answer.ok || answer.headers.get('content-type')?.startsWith('text/html')) return undefined;
    return new Uint8Array(await answer.arrayBuffer());
  };
}
