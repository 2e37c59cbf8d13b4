import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { StopIcon } from '../../../ui/shared/icons.tsx';
import notes from '../../../ui/shared/note.module.css';
import { Empty, FoldingPanel } from '../../../ui/shared/Panel.tsx';
import { useStore } from '../../../ui/state/store.ts';
import { GoingLine } from './GoingLine.tsx';
import type { TableState } from './going.ts';
import { tableKey } from './tables.ts';
import { useBusy } from './useBusy.ts';

interface TableFrameProps {
  /** "live.name" */
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly brief: string;
  /** Words of the button that begins. */
  readonly begin: string;
  readonly state: TableState<unknown>;
  readonly onBegin: () => void;
  readonly onStop: () => void;
  /** What comes, before there is a table. */
  readonly awaited: string;
  /** Fields beside the button. */
  readonly fields?: ReactNode;
  /** The table; undefined while there is none. */
  readonly children: ReactNode;
}

/** The panel of a table that takes a while: its button, how far it is, what went wrong. */
export function TableFrame(props: TableFrameProps) {
  const { id, title, about, brief, begin, state, onBegin, onStop, awaited, fields, children } = props;
  const { going, problem, key, table } = state;
  const busy = useBusy();
  const config = useStore((store) => store.config);
  const test = id.slice(id.indexOf('.') + 1);
  return (
    <FoldingPanel
      id={id}
      title={title}
      about={about}
      brief={<span className={notes.soft}>{brief}</span>}
      aside={
        <>
          {fields}
          {going ? (
            <Button
              size="xs"
              variant="default"
              leftSection={<StopIcon />}
              disabled={going.stopping}
              onClick={onStop}
              data-testid={`${test}-stop`}
            >
              {going.stopping ? 'Stopping' : 'Stop'}
            </Button>
          ) : (
            <Button size="xs" variant="light" disabled={busy} onClick={onBegin} data-testid={`${test}-start`}>
              {begin}
            </Button>
          )}
        </>
      }
    >
      {going && <GoingLine going={going} label={`Progress: ${title}`} testId={`${test}-progress`} />}
      {problem && (
        <p className={notes.problem} role="alert">
          Not measured: {problem}
        </p>
      )}
      {children ?? (!going && <Empty>{awaited}</Empty>)}
      {table !== undefined && !going && key !== tableKey(config) && (
        <p className={notes.note}>The settings have changed since.</p>
      )}
    </FoldingPanel>
  );
}
