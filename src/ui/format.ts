/** Numbers as the page shows them: those of tables, and sizes, rates and times. Every function is pure; sizes follow PyTorch's memory viewer. */
import { grouped, signed } from '../results/number-text.ts';

export { atError, fixed, grouped, plain, scientific, withError } from '../results/number-text.ts';

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
/** Listed before the rest is only counted. */
const LISTED = 6;

/** "a, b, c", "a, b, c, d, e, f and 12 more". */
export function listed(names: readonly string[]): string {
  const more = names.length - LISTED;
  const first = names.slice(0, LISTED).join(', ');
  return more > 0 ? `${first} and ${grouped(more)} more` : first;
}

/** "12.0 MiB"; below one KiB plain bytes. */
export function shortBytes(bytes: number): string {
  let unit = 0;
  let value = bytes;
  while (value >= 1024 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return unit === 0 ? `${grouped(bytes)} B` : `${value.toFixed(1)} ${BYTE_UNITS[unit]}`;
}

/** "12.0 MiB (12,582,912 bytes)". */
export function exactBytes(bytes: number): string {
  return bytes < 1024 ? `${grouped(bytes)} bytes` : `${shortBytes(bytes)} (${grouped(bytes)} bytes)`;
}

/** Three significant digits with an SI letter: 412 k, 1.23 M, 0.71. A dash where there is no number yet. */
export function compact(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  const [divisor, letter] =
    size >= 1e12
      ? [1e12, ' T']
      : size >= 1e9
        ? [1e9, ' G']
        : size >= 1e6
          ? [1e6, ' M']
          : size >= 1e4
            ? [1e3, ' k']
            : [1, ''];
  const scaled = value / divisor;
  if (divisor === 1 && size >= 1000) return grouped(value);
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(scaled))));
  return `${signed(scaled.toFixed(Math.min(digits, 4)))}${letter}`;
}

/** Seconds as a clock: 0:07, 12:40, 1:02:03. */
export function clock(seconds: number | undefined): string {
  if (seconds === undefined || !Number.isFinite(seconds) || seconds < 0) return '–:––';
  const whole = Math.round(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** With its first letter as a sentence has it. */
export function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
