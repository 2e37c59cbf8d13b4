import { Tabs } from '@mantine/core';
import { lazy, Suspense, useEffect, useMemo } from 'react';
import classes from './App.module.css';
import { Banners } from './Banners.tsx';
import { Controls } from './controls/Controls.tsx';
import { Header } from './header/Header.tsx';
import { LiveTab } from './live/LiveTab.tsx';
import { RunBar } from './run/RunBar.tsx';
import { Announcer } from './shared/Announcer.tsx';
import { OVERLAYS } from './shared/Explain.tsx';
import { Empty } from './shared/Panel.tsx';
import { useFirstUse } from './shared/useFirstUse.ts';
import { useShortcuts } from './shared/useShortcuts.ts';
import { exportBundle, pauseOrResume, prepare, run, showTab, step } from './state/actions.ts';
import { addressError } from './state/config.ts';
import { onlyHere } from './state/only-here.ts';
import { openEngine } from './state/open-engine.ts';
import { isActive, notify, useStore } from './state/store.ts';
import type { TabId } from './state/types.ts';

/** Every tab but the first loads when the pointer or the focus reaches its name, so that it is mostly there when it is chosen. */
const loadResults = () => import('./results/ResultsTab.tsx');
const loadHistory = () => import('./history/HistoryTab.tsx');
const loadBatch = () => import('./batch/BatchTab.tsx');
const loadMemory = () => import('./memory/MemoryTab.tsx');
const loadShader = () => import('./shader/ShaderTab.tsx');
const loadLearn = () => import('./learn/LearnTab.tsx');

const FaultsPanel = lazy(() => import('./faults/FaultsPanel.tsx'));
const FileDialog = lazy(() => import('./dialogs/FileDialog.tsx'));
const ReplaceDialog = lazy(() => import('./dialogs/ReplaceDialog.tsx'));
const ResultsTab = lazy(loadResults);
const HistoryTab = lazy(loadHistory);
const BatchTab = lazy(loadBatch);
const MemoryTab = lazy(loadMemory);
const ShaderTab = lazy(loadShader);
const LearnTab = lazy(loadLearn);

const TABS: readonly { readonly id: TabId; readonly label: string; readonly load?: () => Promise<unknown> }[] = [
  { id: 'live', label: 'Live' },
  { id: 'results', label: 'Results', load: loadResults },
  { id: 'history', label: 'History', load: loadHistory },
  { id: 'batch', label: 'Batch', load: loadBatch },
  { id: 'memory', label: 'Memory', load: loadMemory },
  { id: 'shader', label: 'Shader', load: loadShader },
  { id: 'learn', label: 'Learn', load: loadLearn },
];

/** The whole page: header, banners, controls at the left, run bar and tabs. */
export function App() {
  const faultsOpen = useStore((store) => store.faultsOpen);
  const question = useStore((store) => store.question);
  const fileQuestion = useStore((store) => store.fileQuestion);
  useEffect(() => {
    if (addressError)
      notify({
        tone: 'error',
        message: `The link could not be read: ${addressError}`,
        todo: 'The first preset is shown instead.',
      });
    void openEngine();
  }, []);
  useEffect(() => {
    // A run lives in this tab, and so do results that could not be kept: the browser asks before it is closed.
    const ask = (event: BeforeUnloadEvent) => {
      const store = useStore.getState();
      if (isActive(store) || onlyHere(store)) event.preventDefault();
    };
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, []);
  useFirstUse(prepare);
  const keys = useMemo(
    () => ({ r: () => void run(), ' ': pauseOrResume, s: () => void step(), e: () => void exportBundle() }),
    [],
  );
  useShortcuts(keys);
  return (
    <>
      <Header />
      <Banners />
      <div className={classes.layout}>
        <aside className={classes.side} aria-label="Controls">
          <Controls />
        </aside>
        <main className={classes.main}>
          {faultsOpen > 0 && (
            <Suspense>
              <FaultsPanel />
            </Suspense>
          )}
          <RunBar />
          <Views />
          <div id={OVERLAYS} />
        </main>
      </div>
      {question && (
        <Suspense>
          <ReplaceDialog question={question} />
        </Suspense>
      )}
      {fileQuestion && (
        <Suspense>
          <FileDialog question={fileQuestion} />
        </Suspense>
      )}
      <Announcer />
    </>
  );
}

function Views() {
  const tab = useStore((store) => store.tab);
  const finished = useStore((store) => store.summaries.length);
  // Room for the count from the start of a run, so that nothing moves while it goes on.
  const counted = useStore((store) => store.summaries.length > 0 || isActive(store));
  return (
    <Tabs value={tab} onChange={(value) => showTab(value as TabId)} keepMounted={false} className={classes.tabs}>
      <Tabs.List className={classes.list} aria-label="Views">
        {TABS.map(({ id, label, load }) => (
          <Tabs.Tab
            key={id}
            value={id}
            aria-label={label}
            data-count={id === 'results' && counted ? finished : undefined}
            onPointerEnter={() => void load?.()}
            onFocus={() => void load?.()}
          >
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Suspense fallback={<Empty>Loading</Empty>}>
        <Tabs.Panel value="live">
          <LiveTab />
        </Tabs.Panel>
        <Tabs.Panel value="results">
          <ResultsTab />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <HistoryTab />
        </Tabs.Panel>
        <Tabs.Panel value="batch">
          <BatchTab />
        </Tabs.Panel>
        <Tabs.Panel value="memory">
          <MemoryTab />
        </Tabs.Panel>
        <Tabs.Panel value="shader">
          <ShaderTab />
        </Tabs.Panel>
        <Tabs.Panel value="learn">
          <LearnTab />
        </Tabs.Panel>
      </Suspense>
    </Tabs>
  );
}
