/** JSON that keeps NaN and the infinities: diagnostics that do not exist are NaN, and must not come back as null. */

export function encodeJson(value: unknown): string {
  return JSON.stringify(value, (_, member) =>
    typeof member === 'number' && !Number.isFinite(member) ? { nonFinite: String(member) } : member,
  );
}

export function decodeJson(text: string): unknown {
  return JSON.parse(text, (_, member) =>
    typeof member === 'object' && member !== null && typeof member.nonFinite === 'string'
      ? Number(member.nonFinite)
      : member,
  );
}
