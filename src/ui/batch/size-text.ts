/** Sizes as people type them: "64", "8,388,608", and for bytes "8 MiB". */

const FACTORS: Readonly<Record<string, number>> = { '': 1, kib: 1024, mib: 1024 ** 2, gib: 1024 ** 3 };

/** The number meant; not a number where the text is none. Units are read for bytes only. */
export function sizeFromText(text: string, unit: string): number {
  const [, digits, letters] = /^([\d,_ ]*\d(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim()) ?? [];
  const factor = FACTORS[(letters ?? '').toLowerCase()];
  if (digits === undefined || factor === undefined || (letters && unit !== 'bytes')) return Number.NaN;
  return Number(digits.replace(/[,_ ]/g, '')) * factor;
}
