/** A length of time that is known about: "40 s", "7 minutes", "3 hours", "2 days". */
export function durationWords(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'an unknown time';
  if (seconds < 1) return 'a second';
  const units = [
    [86_400, 'day'],
    [3600, 'hour'],
    [60, 'minute'],
  ] as const;
  // Two of a unit say more than many of the next.
  const [length, unit] = units.find(([of]) => seconds >= 1.5 * of) ?? [1, 's'];
  const count = Number((seconds / length).toPrecision(2));
  if (unit === 's') return `${count} s`;
  return `${count.toLocaleString('en')} ${unit}${count === 1 ? '' : 's'}`;
}
