/** The faults that can be asked for: how each is written in the form, and what to expect of it. Pure. */
import type { FaultPlan } from '../../gpu/faults.ts';
import type { Experiment } from '../../workloads/workload.ts';

/** What the form holds: text as typed, or a switch. */
export type Draft = Readonly<Partial<Record<keyof FaultPlan, string | boolean>>>;

export interface FaultField {
  readonly key: keyof FaultPlan;
  /** For scripts, where it is not the key. */
  readonly id?: string;
  readonly label: string;
  /** Absent for a switch. */
  readonly unit?: string;
  /** Smallest value; numbers are whole unless `decimals`. */
  readonly minimum?: number;
  readonly decimals?: boolean;
  /** The field that this one only adds to. */
  readonly of?: keyof FaultPlan;
  /** What happens, and what one should then see. */
  readonly expect: string;
}

export const MIB = 1024 ** 2;

export const FAULT_FIELDS: readonly FaultField[] = [
  {
    key: 'outOfMemoryAboveBytes',
    label: 'Out of memory above',
    unit: 'MiB',
    minimum: 0,
    decimals: true,
    expect:
      'Buffers beyond so much memory are refused. The chunk is halved until it fits and only what has no result runs again: the run log lists each split, the result id stays the same.',
  },
  {
    key: 'outOfMemoryAtSubmit',
    label: 'Out of memory at submit',
    unit: 'number',
    minimum: 1,
    expect:
      'The device runs out of memory in the middle of its work. The chunk in flight is halved; finished items stay.',
  },
  {
    key: 'loseAfterSubmits',
    label: 'Device lost after',
    unit: 'submits',
    minimum: 0,
    expect:
      'The device goes away, as after a driver reset. It is opened again and the chunk in flight starts anew: the run log names the reason, the result id stays the same.',
  },
  {
    key: 'loseTimes',
    label: 'Devices lost that way',
    unit: 'times',
    minimum: 1,
    of: 'loseAfterSubmits',
    expect: 'Two losses without a finished item in between end the run with a message; what had finished is kept.',
  },
  {
    key: 'slowSubmitMs',
    label: 'Every submit takes at least',
    unit: 'ms',
    minimum: 1,
    expect: 'A slow device. Fewer steps go into each submit, so that no watchdog ends it; the page stays usable.',
  },
  {
    key: 'slowAfterSubmits',
    label: 'Slow from submit',
    unit: 'number',
    minimum: 0,
    of: 'slowSubmitMs',
    expect: 'The device slows down in the middle of a run, as when another program takes it.',
  },
  {
    key: 'validationAtSubmit',
    label: 'Refused call before submit',
    unit: 'number',
    minimum: 0,
    expect:
      'WebGPU refuses a call, as for a defect. It is not taken for a lack of memory: the items of that chunk fail with the reason, the others go on.',
  },
  {
    key: 'spoiltItem',
    label: 'Datum that is no number in item',
    unit: 'index from 0',
    minimum: 0,
    expect: 'That one item fails and says why; the others of its chunk have their results.',
  },
  {
    key: 'storageFull',
    label: 'Storage is full',
    expect:
      'Neither a checkpoint can be written nor the finished run be kept in the history. Each is told once, and the run goes on.',
  },
  {
    key: 'corruptCheckpoint',
    label: 'A checkpoint is damaged',
    expect:
      'One byte of the next file of the checkpoint is changed. Reload the page in the middle of a run and resume: what that file held runs again.',
  },
];

/** The fields in the words of an experiment, those left out of which it has nothing. */
export function fieldsOf({ spoils }: Pick<Experiment, 'spoils'>): readonly FaultField[] {
  return FAULT_FIELDS.flatMap((field) => {
    if (field.key !== 'spoiltItem') return [field];
    return spoils ? [{ ...field, ...spoils }] : [];
  });
}

/** The plan that a form asks for, and what is wrong with its fields, by key. */
export function planOf(draft: Draft): { readonly plan: FaultPlan; readonly wrong: Readonly<Record<string, string>> } {
  const plan: Partial<Record<keyof FaultPlan, number | boolean>> = {};
  const wrong: Record<string, string> = {};
  for (const field of FAULT_FIELDS) {
    const given = draft[field.key];
    if (given === undefined || given === false || (typeof given === 'string' && given.trim() === '')) continue;
    const value = typeof given === 'string' ? numberOf(field, given) : given;
    if (value === undefined) wrong[field.key] = demand(field);
    else if (field.of && !isSet(draft[field.of])) wrong[field.key] = `Give “${labelOf(field.of)}” as well.`;
    else plan[field.key] = field.key === 'outOfMemoryAboveBytes' ? Math.round(Number(value) * MIB) : value;
  }
  return { plan: plan as FaultPlan, wrong };
}

/** A plan as the form writes it. */
export function draftOf(plan: FaultPlan): Draft {
  return Object.fromEntries(
    Object.entries(plan).map(([key, value]) => [
      key,
      typeof value === 'boolean'
        ? value
        : String(key === 'outOfMemoryAboveBytes' ? Number((value / MIB).toPrecision(5)) : value),
    ]),
  );
}

/** A plan in words: "out of memory above 0.5 MiB; storage is full". @param fields in which it was asked for */
export function planInWords(plan: FaultPlan, fields: readonly FaultField[] = FAULT_FIELDS): string {
  const draft = draftOf(plan);
  return FAULT_FIELDS.flatMap(({ key, label: plain, unit }) => {
    const label = fields.find((field) => field.key === key)?.label ?? plain;
    const value = draft[key];
    if (value === undefined || value === false) return [];
    const name = label.charAt(0).toLowerCase() + label.slice(1);
    if (value === true) return [name];
    return [`${name} ${value}${unit === undefined || unit === 'number' || unit.startsWith('index') ? '' : ` ${unit}`}`];
  }).join('; ');
}

function numberOf({ minimum = 0, decimals }: FaultField, text: string): number | undefined {
  const value = Number(text);
  return Number.isFinite(value) && value >= minimum && (decimals || Number.isSafeInteger(value)) ? value : undefined;
}

function demand({ minimum = 0, decimals }: FaultField): string {
  return `Give a ${decimals ? '' : 'whole '}number from ${minimum} up, or nothing.`;
}

function labelOf(key: keyof FaultPlan): string {
  return FAULT_FIELDS.find((field) => field.key === key)?.label ?? key;
}

function isSet(value: string | boolean | undefined): boolean {
  return typeof value === 'string' ? value.trim() !== '' : value === true;
}
