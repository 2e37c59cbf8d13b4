import { Tabs } from '@mantine/core';
import { Suspense, useEffect, useMemo, useRef } from 'react';
import classes from './App.module.css';
import { Banners } from './Banners.tsx';
import { Controls } from './controls/Controls.tsx';
import { Header } from './header/Header.tsx';
import { LiveTab } from './live/LiveTab.tsx';
import { RunBar } from './run/RunBar.tsx';
import { useRunInView } from './run/useRunInView.ts';
import { Announcer } from './shared/Announcer.tsx';
import { OVERLAYS } from './shared/Explain.tsx';
import { later } from './shared/later.tsx';
import { Empty } from './shared/Panel.tsx';
import { useFirstUse } from './shared/useFirstUse.ts';
import { useShortcuts } from './shared/useShortcuts.ts';
import { exportBundle, pauseOrResume, prepare, run, showTab, step } from './state/actions.ts';
import { addressProblems } from './state/config.ts';
import { followFolds } from './state/folds.ts';
import { onlyHere } from './state/only-here.ts';
import { openEngine } from './state/open-engine.ts';
import { keepPlaces } from './state/page-history.ts';
import { isActive, notify, useStore } from './state/store.ts';
import type { TabId } from './state/types.ts';

/** Every tab but the first loads when the pointer or the focus reaches its name, so that it is mostly there when it is chosen. */
const loadResults = () => import('./results/ResultsTab.tsx');
const loadHistory = () => import('./history/HistoryTab.tsx');
const loadBatch = () => import('./batch/BatchTab.tsx');
const loadMemory = () => import('./memory/MemoryTab.tsx');
const loadShader = () => import('./shader/ShaderTab.tsx');
const loadLearn = () => import('./learn/LearnTab.tsx');

const FaultsPanel = later(() => import('./faults/FaultsPanel.tsx'));
const RunDialog = later(
  () => import('./dialogs/RunDialog.tsx'),
  ({ question }) => question.answer(false),
);
const ReplaceDialog = later(
  () => import('./dialogs/ReplaceDialog.tsx'),
  ({ question }) => question.answer(false),
);
const ResultsTab = later(loadResults);
const HistoryTab = later(loadHistory);
const BatchTab = later(loadBatch);
const MemoryTab = later(loadMemory);
const ShaderTab = later(loadShader);
const LearnTab = later(loadLearn);

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
  const runQuestion = useStore((store) => store.runQuestion);
  useEffect(() => {
    void tellOfLink();
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
  useEffect(keepPlaces, []);
  useEffect(followFolds, []);
  const main = useRef<HTMLElement>(null);
  useRunInView(main);
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
        <main ref={main} className={classes.main}>
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
      {runQuestion && (
        <Suspense>
          <RunDialog question={runQuestion} />
        </Suspense>
      )}
      <Announcer />
    </>
  );
}

/** Most links are read as a whole: what tells of the others loads with them. */
async function tellOfLink(): Promise<void> {
  const problems = addressProblems();
  if (problems.length === 0) return;
  const { linkNotices } = await import('./state/link-notices.ts');
  // The newest is on top.
  for (const notice of linkNotices(problems).toReversed()) notify(notice);
}

/** What does not come now is asked for again, and told of, when it is shown. */
function ahead(load: (() => Promise<unknown>) | undefined): void {
  load?.().catch(() => undefined);
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
            onPointerEnter={() => ahead(load)}
            onFocus={() => ahead(load)}
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
