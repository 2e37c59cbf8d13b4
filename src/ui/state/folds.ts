/**
 * Which parts of the page are open. What somebody opened or folded stays so in this browser; a link's #part, "tab.name", opens that part, and
 * on paper all are open.
 */
import { flushSync } from 'react-dom';
import { create } from 'zustand';
import { showTab } from './actions/view.ts';
import type { TabId } from './types.ts';

const KEY = 'lockstep-folds';
const HASH = /^#((live|results|history|batch|memory|shader|learn)\.[\w-]+)$/;

interface Folds {
  /** By part, as somebody or a link has it; all others are as the page has them. */
  readonly chosen: Readonly<Record<string, boolean>>;
  readonly printing: boolean;
  /** The part that is to be brought into view when it is there. */
  readonly wanted: string | undefined;
}

const useFolds = create<Folds>()(() => ({ chosen: remembered(), printing: false, wanted: undefined }));

export interface Fold {
  readonly open: boolean;
  readonly toggle: () => void;
  /** It was asked for by a link: to be answered with `arrived`. */
  readonly wanted: boolean;
}

/** @param id "tab.name", one for each part. @param open as the page has it */
export function useFold(id: string, open: boolean): Fold {
  const chosen = useFolds((folds) => folds.chosen[id] ?? open);
  const printing = useFolds((folds) => folds.printing);
  const wanted = useFolds((folds) => folds.wanted === id);
  return { open: chosen || printing, toggle: () => choose(id, !chosen), wanted };
}

/** Opens or folds a part, and remembers that. */
export function choose(id: string, open: boolean): void {
  const chosen = { ...useFolds.getState().chosen, [id]: open };
  useFolds.setState({ chosen });
  try {
    localStorage.setItem(KEY, JSON.stringify(chosen));
  } catch {
    // It holds until the page is closed.
  }
}

/** Turns to a part, open, and brings it into view. */
export function openPart(id: string): void {
  useFolds.setState(({ chosen }) => ({ chosen: { ...chosen, [id]: true }, wanted: id }));
  showTab(id.slice(0, id.indexOf('.')) as TabId);
}

export function arrived(): void {
  useFolds.setState({ wanted: undefined });
}

/** Follows links and the printer from now on; returns the function that stops. */
export function followFolds(): () => void {
  const follow = () => {
    const part = HASH.exec(window.location.hash)?.[1];
    if (part) openPart(part);
  };
  // The page is laid out for paper as soon as this returns.
  const print = (printing: boolean) => flushSync(() => useFolds.setState({ printing }));
  const paper = window.matchMedia('print');
  const media = () => print(paper.matches);
  const begin = () => print(true);
  const end = () => print(false);
  follow();
  window.addEventListener('hashchange', follow);
  window.addEventListener('beforeprint', begin);
  window.addEventListener('afterprint', end);
  paper.addEventListener('change', media);
  return () => {
    window.removeEventListener('hashchange', follow);
    window.removeEventListener('beforeprint', begin);
    window.removeEventListener('afterprint', end);
    paper.removeEventListener('change', media);
  };
}

function remembered(): Record<string, boolean> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return Object.fromEntries(Object.entries(stored ?? {}).filter(([, open]) => typeof open === 'boolean'));
  } catch {
    return {};
  }
}
