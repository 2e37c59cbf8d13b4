/** The run log back from `failures.json` of somebody's bundle. */
import { FileError } from '../../bundle/file-error.ts';
import { type Fields, fieldsOf, listOf, numberOf, textOf } from '../../bundle/untrusted-json.ts';
import { EVENT_KINDS, type RunEvent } from '../run/events.ts';

const FILE = 'failures.json';

/** Events in the order of the file; none where it is of a version that kept none. @throws FileError */
export function readEvents(name: string, failures: Fields): RunEvent[] {
  return listOf(name, FILE, failures.events ?? []).map((entry) => readEvent(name, fieldsOf(name, FILE, entry)));
}

function readEvent(name: string, fields: Fields): RunEvent {
  const number = (value: unknown) => (value === undefined ? undefined : numberOf(name, FILE, value));
  return {
    atMs: numberOf(name, FILE, fields.at_ms),
    kind: kindOf(name, textOf(name, FILE, fields.kind)),
    message: textOf(name, FILE, fields.message),
    items:
      fields.indices === undefined
        ? undefined
        : listOf(name, FILE, fields.indices).map((index) => numberOf(name, FILE, index)),
    chunkBefore: number(fields.chunk_before),
    chunkAfter: number(fields.chunk_after),
    reason: fields.reason === undefined ? undefined : textOf(name, FILE, fields.reason),
  };
}

function kindOf(name: string, given: string): RunEvent['kind'] {
  const kind = EVENT_KINDS.find((known) => known === given);
  if (kind) return kind;
  throw new FileError(
    name,
    `${FILE} has an event of the kind ${JSON.stringify(given.slice(0, 60))}, which this version does not know`,
    'Open it with the version of Lockstep that made it (see environment.json).',
  );
}
