/** What went wrong, shown to the reader: at the field at fault, or as a notice. */
import { EngineError } from '../../../worker/client.ts';
import { notify, useStore } from '../store.ts';

/** The field that the engine last refused, and why. */
let refusal: { readonly field: string; readonly message: string } | undefined;

/** A field holds text that is no valid value: the run is refused until it does. */
export function setFieldError(path: string, message: string | undefined): void {
  useStore.setState(({ fieldErrors: { [path]: _, ...rest } }) => ({
    fieldErrors: message ? { ...rest, [path]: message } : rest,
  }));
}

/** What went wrong is shown to the reader; undefined then. */
export async function guard<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    showError(error);
    return undefined;
  }
}

/** An error with a field goes to that field; the rest, and files, become notices. @param role of the file that was refused */
export function showError(error: unknown, role?: string): undefined {
  if (!(error instanceof EngineError)) {
    notify({ tone: 'error', message: error instanceof Error ? error.message : String(error), role });
    return;
  }
  const { field, message, kept, todo } = error.report;
  if (field?.startsWith('params.') || field?.startsWith('batch.') || field === 'seed') {
    setFieldError(field, message);
    refusal = { field, message };
  } else notify({ tone: 'error', message, kept, todo, role });
}

/** What the engine found wrong with a field may be put right by another one: its next answer decides again. */
export function forgetRefusal(): void {
  if (refusal && useStore.getState().fieldErrors[refusal.field] === refusal.message)
    setFieldError(refusal.field, undefined);
  refusal = undefined;
}
