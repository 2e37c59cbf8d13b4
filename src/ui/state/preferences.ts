/** Choices that this browser remembers. Storage may be forbidden; then they last as long as the page. */

const ADAPTER_DETAILS = 'lockstep-adapter-details';

/** Off until somebody chose otherwise. */
export function remembersAdapterDetails(): boolean {
  try {
    return localStorage.getItem(ADAPTER_DETAILS) === 'yes';
  } catch {
    return false;
  }
}

export function rememberAdapterDetails(include: boolean): void {
  try {
    localStorage.setItem(ADAPTER_DETAILS, include ? 'yes' : 'no');
  } catch {
    // Nothing to do: the choice holds until the page is closed.
  }
}
