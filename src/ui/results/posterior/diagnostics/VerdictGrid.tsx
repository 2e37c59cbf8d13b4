import { useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, type MouseEvent, useCallback, useEffect, useId, useMemo, useState } from 'react';
import type { ItemInfo } from '../../../../results/item.ts';
import { NO_VALUE } from '../../../../results/posterior/columns.ts';
import type { ItemSummary } from '../../../../results/posterior/item-summary.ts';
import type { NamedThresholds } from '../../../../results/posterior/options.ts';
import { grouped, plain } from '../../../format.ts';
import { Canvas } from '../../../shared/Canvas.tsx';
import { FoldingPanel } from '../../../shared/Panel.tsx';
import text from '../../../shared/text.module.css';
import { useTokens } from '../../../shared/useTokens.ts';
import { select } from '../../../state/actions.ts';
import { useStore } from '../../../state/store.ts';
import { ROWS_A_PAGE } from '../../ItemTable.tsx';
import { shownPosterior } from '../of-store.ts';
import { cellAt, type GridLayout, gridLayout, moveIn } from './grid-layout.ts';
import { drawVerdict } from './shapes.ts';
import classes from './VerdictGrid.module.css';
import { VerdictLegend } from './VerdictLegend.tsx';
import { VERDICT_ORDER, type Verdict, verdictOf, verdictTexts, verdictWord } from './verdict.ts';

interface Cell {
  readonly info: ItemInfo;
  readonly verdict: Verdict;
  readonly summary?: ItemSummary;
  readonly reason?: string;
}

/** Every item of the run as one mark; the table below holds the same in numbers. */
export function VerdictGrid({ summaries }: { readonly summaries: readonly ItemSummary[] }) {
  const { looser } = useStore(shownPosterior);
  const many = useStore((store) => (store.run?.items ?? summaries).length > ROWS_A_PAGE);
  return (
    <FoldingPanel
      id="results.verdicts"
      title="Verdicts"
      // As many as the table shows at once are seen there at a glance.
      open={many}
      about={`One mark an item, in the run's order. Converged passes every check of ours; rescued does so after being sampled again, harder; ${looser ? `${looser.name}’s only passes ${looser.name}’s looser thresholds, which judge ${looser.judges} alone; failed passes neither` : 'failed misses one'}. Arrow keys move, Enter opens a posterior, N goes to the next one that did not converge or that model and noise do not describe (misfit).`}
      aside={<span className={classes.hint}>arrows move · Enter opens · N next problem</span>}
    >
      <Marks summaries={summaries} />
    </FoldingPanel>
  );
}

function Marks({ summaries }: { readonly summaries: readonly ItemSummary[] }) {
  const items = useStore((store) => store.run?.items);
  const failed = useStore((store) => store.failed);
  const cells = useMemo((): readonly Cell[] => {
    const done = new Map(summaries.map((summary) => [summary.info.index, summary]));
    const lost = new Map(failed.map(({ info, reason }) => [info.index, reason]));
    return (items ?? summaries.map(({ info }) => info)).map((info): Cell => {
      const summary = done.get(info.index);
      if (summary) return { info, verdict: verdictOf(summary), summary };
      return lost.has(info.index)
        ? { info, verdict: 'lost', reason: lost.get(info.index) }
        : { info, verdict: 'pending' };
    });
  }, [items, summaries, failed]);
  const counts = useMemo(() => {
    const count = Object.fromEntries(VERDICT_ORDER.map((verdict) => [verdict, 0])) as Record<Verdict, number>;
    for (const { verdict } of cells) count[verdict]++;
    return count;
  }, [cells]);
  return (
    <>
      <VerdictLegend counts={counts} independent={summaries[0]?.sampling === 'independent'} />
      <Grid cells={cells} />
    </>
  );
}

function Grid({ cells }: { readonly cells: readonly Cell[] }) {
  const { looser } = useStore(shownPosterior);
  const { ref, width } = useElementSize();
  const selected = useStore((store) => store.selected);
  const [active, setActive] = useState(0);
  const [hovered, setHovered] = useState<number>();
  const tokens = useTokens();
  const option = useId();
  const layout = gridLayout(cells.length, Math.max(width, 40));
  const { cell, columns, rows } = layout;
  const chosen = cells.findIndex(({ info }) => info.index === selected);
  const current = Math.min(active, cells.length - 1);

  useEffect(() => {
    if (chosen >= 0) setActive(chosen);
  }, [chosen]);

  const draw = useCallback(
    (context: CanvasRenderingContext2D) => {
      cells.forEach(({ verdict }, at) => {
        drawVerdict(context, verdict, tokens, {
          x: (at % columns) * cell,
          y: Math.floor(at / columns) * cell,
          side: cell,
        });
      });
    },
    [cells, tokens, cell, columns],
  );
  const open = (at: number) => {
    if (cells[at]?.summary) void select(cells[at].info.index);
  };
  const onKey = (event: KeyboardEvent<HTMLDivElement>) => {
    const problem = event.key === 'n' || event.key === 'N' ? nextProblem(cells, current) : undefined;
    const to = problem ?? moveIn(layout, cells.length, current, event.key);
    if (event.key === 'Enter' || event.key === ' ') open(current);
    else if (to === undefined) return;
    else {
      setActive(to);
      setHovered(undefined);
      keepInView(event.currentTarget, layout, to);
    }
    event.preventDefault();
    // The page's own keys (space pauses a run) are not meant while the grid has the focus.
    event.stopPropagation();
  };
  const under = (event: MouseEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return cellAt(layout, cells.length, event.clientX - box.left, event.clientY - box.top);
  };
  const told = cells[hovered ?? current];
  return (
    <>
      <div
        className={classes.scroll}
        role="listbox"
        tabIndex={0}
        aria-label={`Verdicts of ${grouped(cells.length)} items`}
        aria-activedescendant={option}
        onKeyDown={onKey}
        data-testid="verdict-grid"
      >
        <div
          ref={ref}
          className={classes.board}
          onClick={(event) => {
            const at = under(event);
            if (at === undefined) return;
            setActive(at);
            open(at);
          }}
          onMouseMove={(event) => setHovered(under(event))}
          onMouseLeave={() => setHovered(undefined)}
          aria-hidden="true"
        >
          <Canvas label="Verdicts" height={rows * cell} draw={draw} />
          <Frame layout={layout} at={current} kind="active" />
          {chosen >= 0 && <Frame layout={layout} at={chosen} kind="chosen" />}
        </div>
        <div
          id={option}
          role="option"
          tabIndex={-1}
          aria-selected={current === chosen}
          aria-posinset={current + 1}
          aria-setsize={cells.length}
          className={text.hidden}
        >
          {textOf(cells[current], looser)}
        </div>
      </div>
      <p className={classes.told} data-testid="verdict-told">
        {textOf(told, looser)}
      </p>
    </>
  );
}

function Frame({ layout, at, kind }: { layout: GridLayout; at: number; kind: 'active' | 'chosen' }) {
  const { cell, columns } = layout;
  return (
    <span
      className={classes.frame}
      data-kind={kind}
      style={{ left: (at % columns) * cell, top: Math.floor(at / columns) * cell, width: cell, height: cell }}
    />
  );
}

function keepInView(box: HTMLElement, { cell, columns }: GridLayout, at: number): void {
  const top = Math.floor(at / columns) * cell;
  if (top < box.scrollTop) box.scrollTop = top;
  else if (top + cell > box.scrollTop + box.clientHeight) box.scrollTop = top + cell - box.clientHeight;
}

/** Verdicts that need no look. */
const FINE: readonly Verdict[] = ['converged', 'rescued', 'pending'];

/** The next item after `from` that did not converge, round the end; `from` itself when there is none. */
function nextProblem(cells: readonly Cell[], from: number): number {
  for (let step = 1; step <= cells.length; step++) {
    const at = (from + step) % cells.length;
    if (!FINE.includes(cells[at].verdict)) return at;
  }
  return from;
}

function textOf(cell: Cell | undefined, looser: NamedThresholds | undefined): string {
  if (!cell) return '';
  const { info, verdict, summary, reason } = cell;
  const independent = summary?.sampling === 'independent';
  const start = `${info.runId}: ${verdictWord(verdict, independent, looser)}`;
  if (!summary) return `${start}. ${reason ?? verdictTexts(looser)[verdict].about}`;
  const rhat = Math.max(...summary.parameters.map((parameter) => parameter.rhat));
  const ess = Math.min(...summary.parameters.flatMap(({ essBulk, essTail }) => [essBulk, essTail]));
  if (independent) return [`${start}. ${grouped(ess)} samples`, ...summary.problems].join('; ');
  const numbers = `largest R̂ ${plain(rhat, 5)}, smallest ESS ${Number.isNaN(ess) ? NO_VALUE : grouped(ess)}`;
  return `${start}. ${numbers}${summary.problems.length > 0 ? `; ${summary.problems[0]}` : ''}`;
}
