import { Suspense } from 'react';
import type { AdapterReport } from '../../gpu/report.ts';
import { grouped, shortBytes } from '../format.ts';
import { InfoPopover } from '../shared/InfoPopover.tsx';
import { later } from '../shared/later.tsx';
import { useStore } from '../state/store.ts';
import classes from './Header.module.css';

/** Which limits bound a run, in words. */
const LIMITS: readonly { readonly key: string; readonly label: string; readonly bytes: boolean }[] = [
  { key: 'maxBufferSize', label: 'Largest buffer', bytes: true },
  { key: 'maxStorageBufferBindingSize', label: 'Largest binding', bytes: true },
  { key: 'maxComputeWorkgroupStorageSize', label: 'Workgroup memory', bytes: true },
  { key: 'maxComputeInvocationsPerWorkgroup', label: 'Threads per workgroup', bytes: false },
];

const SelfTest = later(() => import('./SelfTest.tsx'));

/** What the arithmetic runs on; a click shows what is known about it. */
export function AdapterBadge() {
  const device = useStore((store) => store.device);
  const report = device?.report ?? null;
  const gone = useStore((store) => store.engineTrouble?.gone);
  const name = gone ? 'Engine ended' : device === undefined ? 'Looking for a GPU' : (report?.name ?? 'CPU, no WebGPU');
  const selfTest = useStore((store) => store.selfTest);
  const failed = selfTest?.precisions.some(({ passed }) => !passed);
  const tone = failed || gone ? 'bad' : device === undefined ? 'wait' : report && !report.software ? 'good' : 'warn';
  return (
    <InfoPopover
      label="Adapter"
      width={340}
      className={classes.details}
      target={
        <button type="button" className={classes.badge} data-testid="adapter-badge">
          <span className={classes.dot} data-tone={tone} />
          <span className={classes.badgeName}>{name}</span>
          {report && (
            <span
              className={classes.badgeFlag}
              data-failed={failed}
              title="Self-test of the device, when you begin to use the page"
            >
              {selfTest?.precisions
                .map(({ precision, passed }) => `${precision} ${passed ? '✓' : 'failed'}`)
                .join(' ') ?? 'untested'}
            </span>
          )}
        </button>
      }
    >
      <h2>{name}</h2>
      {report && (
        <Suspense>
          <SelfTest report={selfTest} />
        </Suspense>
      )}
      {report ? <Details report={report} /> : <p>{device?.reason ?? 'The engine is still opening the adapter.'}</p>}
    </InfoPopover>
  );
}

function Details({ report }: { readonly report: AdapterReport }) {
  const rows: [string, string][] = [
    ['Vendor', report.vendor || 'not told'],
    ['Architecture', report.architecture || 'not told'],
    ['Kind', report.software ? 'software: the CPU plays the GPU' : 'hardware'],
    ...LIMITS.map(({ key, label, bytes }): [string, string] => [
      label,
      bytes ? shortBytes(report.limits[key]) : grouped(report.limits[key]),
    ]),
    ['Half precision', report.features.includes('shader-f16') ? 'shader-f16' : 'not offered'],
    ['GPU timestamps', report.features.includes('timestamp-query') ? 'yes' : 'no, wall clock instead'],
    ['Subgroups', report.features.includes('subgroups') ? 'yes' : 'no'],
  ];
  return (
    <>
      <dl>
        {rows.map(([label, value]) => (
          <div key={label} style={{ display: 'contents' }}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p>Browsers hide the exact model and the free memory. Nothing here leaves the page unless you export it.</p>
    </>
  );
}
