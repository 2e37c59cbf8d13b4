/** JSON that keeps NaN, the infinities and −0: diagnostics that do not exist are NaN, and must not come back as null. */
import { requireShallow } from './json-text.ts';

export function encodeJson(value: unknown): string {
  return JSON.stringify(value, (_, member) => (isLost(member) ? { nonFinite: textOf(member) } : member));
}

/** @throws SyntaxError as `parseJson` does */
export function decodeJson(text: string): unknown {
  requireShallow(text);
  return JSON.parse(text, (_, member) =>
    typeof member === 'object' && member !== null && typeof member.nonFinite === 'string'
      ? Number(member.nonFinite)
      : member,
  );
}

/** True for numbers that JSON would write as null, and for −0, which it would write as 0. */
function isLost(member: unknown): member is number {
  return typeof member === 'number' && (!Number.isFinite(member) || Object.is(member, -0));
}

function textOf(member: number): string {
  return Object.is(member, -0) ? '-0' : String(member);
}
