import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ResumableRun } from '../../worker/checkpoint/types.ts';
import banners from '../Banners.module.css';
import { grouped, shortBytes } from '../format.ts';
import { ConfirmButton } from '../history/ConfirmButton.tsx';
import { ago } from '../history/when.ts';
import { More } from '../shared/More.tsx';
import { NoticeBox } from '../shared/NoticeBox.tsx';
import { discardRun, keepUnfinished, resumeRun } from '../state/resume.ts';
import { useStore } from '../state/store.ts';
import classes from './ResumeBanner.module.css';

/** Runs that a reload or a closed tab cut short, and what can be done with each: the latest, and the others when asked for. */
export default function ResumeBanner() {
  const runs = useStore((store) => store.resumable);
  const [all, setAll] = useState(false);
  const others = runs.length - 1;
  return (
    <>
      {(all ? runs : runs.slice(0, 1)).map((run) => (
        <Offer key={run.id} run={run} />
      ))}
      {others > 0 && (
        <More shown={all} onToggle={() => setAll(!all)}>
          {grouped(others)} more unfinished {others === 1 ? 'run' : 'runs'}
        </More>
      )}
    </>
  );
}

function Offer({ run }: { readonly run: ResumableRun }) {
  const [busy, setBusy] = useState(false);
  // Beside results an old run takes one line: the page is about other things by then.
  const compact = useStore((store) => store.summaries.length > 0);
  const act = async (action: (id: string) => Promise<void>) => {
    setBusy(true);
    await action(run.id);
    setBusy(false);
  };
  const { items, many, title, done, lastAt, bytes, objection, unsure } = run;
  const size = compact ? 'compact-xs' : 'xs';
  return (
    <NoticeBox compact={compact} role="status" testId="resume-banner">
      <div className={classes.row}>
        <div className={classes.text}>
          <span className={banners.message}>
            A run of {grouped(items)} {many} ({title}) stopped at {grouped(done)}, {ago(lastAt)}.
          </span>
          {(!compact || objection || unsure) && (
            <span className={banners.rest}>
              {objection
                ? `It cannot go on here bit for bit. ${objection} What it has finished can be kept in the history.`
                : `${sentence(done, items, many)} Its result will be the one it would have had.`}{' '}
              {unsure && 'This browser cannot tell whether another tab still runs it: look there first. '}
              {shortBytes(bytes)} on this disk.
            </span>
          )}
        </div>
        <div className={classes.actions}>
          {objection ? (
            <Button size={size} disabled={busy} onClick={() => void act(keepUnfinished)} data-testid="keep-unfinished">
              Keep the {grouped(done)} finished
            </Button>
          ) : (
            <Button size={size} disabled={busy} onClick={() => void act(resumeRun)} data-testid="resume-run">
              Resume run
            </Button>
          )}
          <ConfirmButton
            size={size}
            label="Discard"
            confirm={`Discard ${grouped(done)} finished`}
            what={`the run of ${title} and its ${grouped(done)} finished ${many}`}
            disabled={busy}
            testId="discard-run"
            onConfirm={() => void act(discardRun)}
          />
        </div>
      </div>
    </NoticeBox>
  );
}

function sentence(done: number, items: number, many: string): string {
  return done === items
    ? 'All of them have a result; those that missed a threshold may be sampled again.'
    : `Resuming keeps those and runs the other ${grouped(items - done)} ${many}.`;
}
