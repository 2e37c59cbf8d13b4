/** How long ago something was measured, in words. */

const STEPS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** "3 days ago", "1 hour ago", "just now". `date`: ISO 8601; `now`: milliseconds since 1970. */
export function ageInWords(date: string, now: number): string {
  const ms = now - Date.parse(date);
  for (const [unit, length] of STEPS) {
    const n = Math.floor(ms / length);
    if (n >= 1) return `${n} ${unit}${n === 1 ? '' : 's'} ago`;
  }
  return 'just now';
}
