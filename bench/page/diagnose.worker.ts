/**
 * Stands where the engine's worker stands: makes the draws first, then diagnoses them item by item as they would come from the device,
 * and posts the engine's own messages.
 */

import type { PosteriorItem } from '../../src/results/posterior/item.ts';
import { summarizeItem } from '../../src/results/posterior/summary.ts';
import { correlatedItem, type DrawsShape } from '../lib/correlated-draws.ts';

export interface DiagnoseRequest extends DrawsShape {
  readonly items: number;
}

/** Others get their turn after this long, as between the engine's chunks. */
const TURN_MS = 40;

const scope = self as unknown as {
  postMessage(message: unknown): void;
  onmessage: ((event: MessageEvent<DiagnoseRequest | 'go'>) => void) | null;
};

let made: PosteriorItem[] = [];

scope.onmessage = ({ data }) => {
  if (data === 'go') void diagnoseAll();
  else {
    made = Array.from({ length: data.items }, (_, index) => correlatedItem(index, data));
    scope.postMessage({ type: 'made' });
  }
};

async function diagnoseAll(): Promise<void> {
  const start = performance.now();
  let busyMs = 0;
  let turn = start;
  for (const item of made) {
    const before = performance.now();
    const summary = summarizeItem(item);
    const after = performance.now();
    busyMs += after - before;
    scope.postMessage({ type: 'event', event: { type: 'itemDone', summary } });
    if (after - turn < TURN_MS) continue;
    await new Promise((resolve) => setTimeout(resolve, 0));
    turn = performance.now();
  }
  scope.postMessage({ type: 'diagnosed', busyMs, wallMs: performance.now() - start });
}
