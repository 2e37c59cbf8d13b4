import { Button } from '@mantine/core';
import { useId, useRef } from 'react';
import type { BatchEntry } from '../../batch/entry.ts';
import { KIND_MEANINGS } from '../../batch/kinds.ts';
import { type SizeKey, sizeObjection } from '../../batch/sizes.ts';
import { batchTable } from '../../batch/table.ts';
import { wordsOf } from '../../batch/words.ts';
import type { SizeUse } from '../../engine/plan/memory-table.ts';
import { exactBytes, grouped, shortBytes } from '../format.ts';
import { DraftInput } from '../shared/DraftInput.tsx';
import { setFieldError } from '../state/actions.ts';
import { useStore } from '../state/store.ts';
import { fieldOf, setChunk, setSize } from './actions.ts';
import classes from './Sizes.module.css';
import { sizeFromText } from './size-text.ts';

interface SizeRowProps {
  readonly entry: BatchEntry & { readonly key: SizeKey };
  readonly use: SizeUse;
  /** The entry is the batch size of the experiment on screen. */
  readonly isChunk: boolean;
  readonly locked: boolean;
}

const withUnit = (value: number, unit: string) =>
  unit === 'bytes' && value >= 1024 ? shortBytes(value) : grouped(value);

/** Why "auto" comes to another value than the class's. */
function autoInWords({ value, preset }: SizeUse, allItems: boolean, unit: string): string {
  const stops = `uto stops at ${grouped(preset)}`;
  return allItems && value < preset ? `This run has ${grouped(value)} ${unit} in all; a${stops}` : `A${stops}`;
}

/** What the value takes, and compared with what. */
function takes({ where, minimum, unit }: BatchEntry, { value, bytes, nextBytes }: SizeUse): string {
  if (where === 'cpu') return unit === 'bytes' ? exactBytes(bytes) : 'not counted';
  const least =
    unit === 'bytes' ? exactBytes(minimum) : `${grouped(minimum)} ${minimum === 1 ? unit.replace(/s$/, '') : unit}`;
  if (bytes === 0) return value === minimum && nextBytes !== 0 ? `at its minimum, ${least}` : 'nothing';
  return `${exactBytes(bytes)} more than at ${least}`;
}

function stepOf({ unit, powerOfTwo }: BatchEntry, { next }: SizeUse): string {
  return unit === 'bytes' || powerOfTwo ? `${withUnit(next!, unit)} would add` : 'One more adds';
}

/** One entry: what it is, its value to be edited, and what it takes. */
export function SizeRow({ entry, use, isChunk, locked }: SizeRowProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const field = fieldOf(entry.key, isChunk);
  const error = useStore((store) => store.fieldErrors[field]);
  const given = useStore(({ config: { batch } }) =>
    isChunk ? (batch.size === 'auto' ? undefined : batch.size) : batch.sizes[entry.key],
  );
  const words = wordsOf(entry);
  const allItems = useStore((store) => given === undefined && isChunk && store.plan?.items === use.value);
  const value = given ?? (isChunk ? use.value : use.preset);
  const change = (typed: string) => {
    const size = sizeFromText(typed, entry.unit);
    const objection = sizeObjection(entry, Number.isNaN(size) ? typed : size);
    if (objection) return setFieldError(field, `${words.label}: ${objection}`);
    if (isChunk) setChunk(size);
    else setSize(entry.key, size === use.preset ? undefined : size);
  };
  const reset = () => {
    setFieldError(field, undefined);
    if (isChunk) setChunk(undefined);
    else setSize(entry.key, undefined);
    input.current?.focus();
  };
  const parent = batchTable.find(({ key }) => key === entry.inside);
  const differs = given !== undefined || error !== undefined;
  return (
    <li className={classes.row} data-inside={parent !== undefined || undefined} data-differs={differs || undefined}>
      <div className={classes.what}>
        <p className={classes.name}>
          <label htmlFor={id}>{words.label}</label>
          <span className={classes.kind} title={KIND_MEANINGS[entry.kind]}>
            {entry.kind}
          </span>
          <code className={classes.key}>{entry.key}</code>
        </p>
        <p className={classes.changes}>
          {parent && <>Inside “{wordsOf(parent).label}”. </>}
          {words.changes}
        </p>
      </div>
      <div>
        <div className={classes.field}>
          <DraftInput
            ref={input}
            id={id}
            inputMode={entry.unit === 'bytes' ? 'text' : 'numeric'}
            data-testid={`size-${entry.key}`}
            text={String(value)}
            error={error !== undefined}
            disabled={locked}
            aria-describedby={`${id}-range${error ? ` ${id}-error` : ''}`}
            take={change}
          />
          <span className={classes.unit}>
            {entry.unit}
            {entry.unit === 'bytes' && value >= 1024 && <span>= {shortBytes(value)}</span>}
          </span>
          <Button
            size="compact-xs"
            variant="default"
            disabled={locked || !differs}
            aria-label={`Reset ${words.label}`}
            onClick={reset}
          >
            Reset
          </Button>
        </div>
        <p id={`${id}-range`} className={classes.note}>
          {isChunk ? autoInWords(use, allItems, entry.unit) : `Class: ${withUnit(use.preset, entry.unit)}`} ·{' '}
          {withUnit(entry.minimum, entry.unit)} to {withUnit(entry.maximum, entry.unit)}
          {entry.powerOfTwo && ', a power of two'}
        </p>
        {error && (
          <p id={`${id}-error`} className={classes.error}>
            {error}
          </p>
        )}
      </div>
      <div>
        <p className={classes.bytes} data-testid={`bytes-${entry.key}`}>
          <span className={classes.where}>{entry.where === 'gpu' ? 'GPU' : 'CPU'}</span> {takes(entry, use)}
        </p>
        {use.nextBytes !== 0 && (entry.where === 'gpu' || entry.unit === 'bytes') && (
          <p className={classes.note}>
            {stepOf(entry, use)} {exactBytes(use.nextBytes)}.
          </p>
        )}
        <p className={classes.note}>{words.memory}</p>
      </div>
    </li>
  );
}
