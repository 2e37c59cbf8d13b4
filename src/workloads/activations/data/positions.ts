/**
 * Positions over which activations are averaged, as the origin writes them: a frame (prompt, response or all) and a Python slice or index.
 * Everything is counted from the text's own first token; no text is padded.
 */
import { ConfigError } from '../../workload.ts';

export const FRAMES = ['prompt', 'response', 'all'] as const;
export type Frame = (typeof FRAMES)[number];

export interface Position {
  readonly frame: Frame;
  /** Of Python: counted from the end where negative. Absent: from the beginning, to the end. */
  readonly from?: number;
  readonly to?: number;
  /** As results name it: "response[:5]". */
  readonly words: string;
}

/** [from, to), of the text's own positions; `to` may be infinite. */
export type Range = readonly [from: number, to: number];

const FORM = /^([a-z]+)\[\s*(-?\d+)?\s*(:)?\s*(-?\d+)?\s*\]$/;
const ADVICE = 'Write prompt, response or all with a slice or an index, e.g. response[:5], prompt[-1], all[2:-3].';

/** "response[:5], prompt[-1]". @throws ConfigError that names the part at fault */
export function parsePositions(text: string): Position[] {
  const fail = (what: string): never => {
    throw new ConfigError('params.position', `Positions (position): ${what}. ${ADVICE}`);
  };
  const parts = text.split(',').map((part) => part.trim());
  if (parts.every((part) => part === '')) return fail('nothing is given');
  const positions = parts.map((part): Position => {
    const [, frame, first, colon, second] = FORM.exec(part) ?? fail(`"${part}" is no position`);
    if (!FRAMES.includes(frame as Frame)) fail(`"${part}" begins with no part of a text`);
    if (!colon && (first === undefined || second !== undefined)) fail(`"${part}" has neither an index nor a slice`);
    const from = first === undefined ? undefined : Number(first);
    // An index is a slice of one; the last one has no end.
    const to = colon ? (second === undefined ? undefined : Number(second)) : from === -1 ? undefined : from! + 1;
    const words = colon ? `${frame}[${first ?? ''}:${second ?? ''}]` : `${frame}[${first}]`;
    return {
      frame: frame as Frame,
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      words,
    };
  });
  const twice = positions.find(({ words }, at) => positions.findIndex((other) => other.words === words) !== at);
  if (twice) fail(`"${twice.words}" is there twice`);
  return positions;
}

/**
 * Where a position lies in a text.
 * @param response tokens of the response; undefined while it is being written
 * @returns undefined where that hangs on how long the response becomes
 */
export function rangeOf(
  { frame, from, to }: Position,
  prompt: number,
  response: number | undefined,
): Range | undefined {
  const start = frame === 'response' ? prompt : 0;
  const length = frame === 'prompt' ? prompt : response === undefined ? undefined : prompt + response - start;
  if (length === undefined) {
    if ((from ?? 0) < 0 || (to ?? 0) < 0) return undefined;
    return ordered(start + (from ?? 0), start + (to ?? Number.POSITIVE_INFINITY));
  }
  const place = (at: number) => start + Math.min(length, Math.max(0, at < 0 ? length + at : at));
  return ordered(place(from ?? 0), place(to ?? length));
}

/** Python's empty slices are empty here, too. */
const ordered = (from: number, to: number): Range => [from, Math.max(from, to)];
