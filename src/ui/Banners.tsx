import { Suspense, useState } from 'react';
import classes from './Banners.module.css';
import { EngineBanner } from './EngineBanner.tsx';
import { WarnIcon } from './shared/icons.tsx';
import { later } from './shared/later.tsx';
import { More } from './shared/More.tsx';
import { NoticeBox } from './shared/NoticeBox.tsx';
import { dismiss, isActive, useStore } from './state/store.ts';
import type { Notice } from './state/types.ts';

const ResumeBanner = later(() => import('./run/ResumeBanner.tsx'));

const FaultsBanner = later(() => import('./faults/FaultsBanner.tsx'));

/** What a person must know before believing a number here, and what went wrong so far. */
export function Banners() {
  const device = useStore((store) => store.device);
  const trouble = useStore((store) => store.engineTrouble);
  const faults = useStore((store) => store.faults);
  const resumable = useStore((store) => store.resumable.length > 0 && !isActive(store));
  return (
    <section className={classes.stack} aria-label="Messages">
      {device?.report?.software && (
        <p className={classes.banner} data-testid="software-banner">
          <WarnIcon />
          <span>
            <strong>Software adapter.</strong> {device.report.name} computes on the CPU: results are right, but timings
            are not a GPU&rsquo;s.
          </span>
        </p>
      )}
      {device?.mode === 'cpu' && (
        <p className={classes.banner} data-testid="no-webgpu-banner">
          <WarnIcon />
          <span>
            <strong>No WebGPU here.</strong> The same experiment runs on the CPU, correctly but slowly; the least
            demanding preset is chosen unless the link names another. {device.reason}
          </span>
        </p>
      )}
      {trouble && <EngineBanner trouble={trouble} />}
      {resumable && (
        <Suspense>
          <ResumeBanner />
        </Suspense>
      )}
      {faults && (
        <Suspense>
          <FaultsBanner faults={faults} />
        </Suspense>
      )}
      <Notices />
    </section>
  );
}

/** One message at a time, so that the page stays in its place: the newest, an error before all others. */
function Notices() {
  const notices = useStore((store) => store.notices);
  const [all, setAll] = useState(false);
  const sorted = [...notices].reverse().sort((a, b) => Number(b.tone === 'error') - Number(a.tone === 'error'));
  const others = sorted.length - 1;
  return (
    <>
      {(all ? sorted : sorted.slice(0, 1)).map((notice) => (
        <Message key={notice.id} notice={notice} />
      ))}
      {others > 0 && (
        <More shown={all} onToggle={() => setAll(!all)}>
          {others} more {others === 1 ? 'message' : 'messages'}
        </More>
      )}
    </>
  );
}

function Message({ notice }: { readonly notice: Notice }) {
  return (
    <NoticeBox
      tone={notice.tone}
      role={notice.tone === 'error' ? 'alert' : 'status'}
      testId={notice.tone === 'error' ? 'error' : undefined}
      icon
      onClose={() => dismiss(notice.id)}
    >
      <span className={classes.message}>
        {notice.message}
        {notice.count !== undefined && <span className={classes.count}>{notice.count} times by now</span>}
      </span>
      {notice.kept && <span className={classes.rest}>{notice.kept}</span>}
      {notice.todo && <span className={classes.rest}>{notice.todo}</span>}
    </NoticeBox>
  );
}
