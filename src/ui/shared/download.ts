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
