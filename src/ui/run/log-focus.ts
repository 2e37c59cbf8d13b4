/** Leads to the run log, which may be on a tab that is not there yet. */

let wanted = false;

/** Id of the log on the page. */
export const RUN_LOG = 'run-log';

/** Brings the log into view with the focus in it. False where it is not on the page: then it does so when it comes. */
export function focusLog(): boolean {
  const log = document.getElementById(RUN_LOG);
  wanted = log === null;
  log?.scrollIntoView({ block: 'center' });
  log?.querySelector<HTMLElement>('[tabindex="0"]')?.focus({ preventScroll: true });
  return log !== null;
}

/** Called when the log has come. */
export function logCame(): void {
  if (wanted) focusLog();
}
