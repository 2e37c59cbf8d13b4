/** The page's own results view, fed by a worker that diagnoses; the page notes every frame meanwhile. */
import { MantineProvider } from '@mantine/core';
import { createRoot } from 'react-dom/client';
import '../../src/ui/theme/mantine.css';
import '../../src/ui/theme/tokens.css';
// Loaded before anything is measured: the tab itself fetches it with the first result.
import '../../src/ui/results/posterior/PosteriorResults.tsx';
import ResultsTab from '../../src/ui/results/ResultsTab.tsx';
import { useStore } from '../../src/ui/state/store.ts';
import { wire } from '../../src/ui/state/wiring.ts';
import { cssVariables, theme } from '../../src/ui/theme/theme.ts';
import { connectEngine, type Port } from '../../src/worker/client.ts';
import type { DiagnoseRequest } from './diagnose.worker.ts';

export interface DiagnoseReport {
  /** Spent in the diagnostics alone, and from the first item to the last, in the worker. */
  readonly busyMs: number;
  readonly wallMs: number;
  /** From the first item until the page shows all of them. */
  readonly shownMs: number;
  /** Distance of each animation frame from the one before, ms. */
  readonly frames: readonly number[];
  /** Tasks of the page's thread above 50 ms, as the browser reports them. */
  readonly longTasks: readonly number[];
  readonly shown: number;
}

declare global {
  interface Window {
    /** Makes the draws, then waits. */
    makeDraws: (request: DiagnoseRequest) => Promise<void>;
    diagnoseDraws: (items: number) => Promise<DiagnoseReport>;
  }
}

createRoot(document.getElementById('root')!).render(
  <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="light">
    <ResultsTab />
  </MantineProvider>,
);

const worker = new Worker(new URL('./diagnose.worker.ts', import.meta.url), { type: 'module' });

window.makeDraws = (request) =>
  new Promise((resolve) => {
    worker.onmessage = () => resolve();
    worker.postMessage(request);
  });

window.diagnoseDraws = (items) =>
  new Promise((resolve) => {
    const frames: number[] = [];
    const longTasks: number[] = [];
    const start = performance.now();
    let running = true;
    watchFrames(frames, () => running);
    new PerformanceObserver((list) => {
      longTasks.push(...list.getEntries().map(({ duration }) => duration));
    }).observe({ type: 'longtask' });
    const port: Port = { postMessage: () => undefined, onmessage: null };
    wire(connectEngine(port));
    // As during a run: the views take their time only while one goes on.
    useStore.setState({ status: 'running' });
    worker.onmessage = async (event) => {
      if (event.data.type !== 'diagnosed') {
        port.onmessage?.(event);
        return;
      }
      const { busyMs, wallMs } = event.data;
      while (useStore.getState().summaries.length < items) await new Promise((done) => setTimeout(done, 5));
      useStore.setState({ status: 'done' });
      await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
      running = false;
      const shown = useStore.getState().summaries.length;
      resolve({ busyMs, wallMs, shownMs: performance.now() - start, frames, longTasks, shown });
    };
    worker.postMessage('go');
  });

function watchFrames(into: number[], running: () => boolean): void {
  let last = performance.now();
  const frame = () => {
    const now = performance.now();
    into.push(now - last);
    last = now;
    if (running()) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}
