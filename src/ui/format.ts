/** Numbers as the page shows them. Every function is pure; sizes follow PyTorch's memory viewer, errors the particle-physics habit. */

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
const GROUPED = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
/** A true minus sign: as wide as a plus, so columns of signed numbers line up. */
const MINUS = '−';

/** "12,582"; a dash where there is no number. */
export function grouped(value: number): string {
  return Number.isNaN(value) ? '–' : GROUPED.format(value);
}

/** Listed before the rest is only counted. */
const LISTED = 6;

/** "a, b, c", "a, b, c, d, e, f and 12 more". */
export function listed(names: readonly string[]): string {
  const more = names.length - LISTED;
  const first = names.slice(0, LISTED).join(', ');
  return more > 0 ? `${first} and ${grouped(more)} more` : first;
}

/** A number with so many decimals and a true minus, scientific from 1e9 on (R̂ of chains that never move); a dash where there is none. */
export function fixed(value: number, decimals: number): string {
  if (Number.isFinite(value) && Math.abs(value) >= 1e9) return scientific(value, 1);
  return Number.isFinite(value) ? signed(value.toFixed(decimals)) : '–';
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

/** A plain number with `digits` significant digits and a true minus; scientific outside 1e-4 … 1e6. */
export function plain(value: number | undefined, digits = 4): string {
  if (value === undefined || Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : `${MINUS}∞`;
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e6) return scientific(value, digits - 1);
  // Whole numbers longer than `digits` keep their length: toPrecision alone would write an exponent.
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  return signed(Number(value.toPrecision(digits)).toFixed(decimals));
}

/** A value to the decimal place of its error's second (or another) significant digit. */
export function atError(value: number, error: number, digits = 2): string {
  if (!Number.isFinite(error) || error <= 0) return plain(value, 5);
  return fixed(value, Math.min(15, Math.max(0, digits - 1 - Math.floor(Math.log10(error)))));
}

/** 1.2e-5 written with a true minus in front and a hyphen-free exponent. */
export function scientific(value: number, digits: number): string {
  const [mantissa, exponent] = value.toExponential(digits).split('e');
  return `${signed(mantissa)}e${signed(exponent.replace('+', ''))}`;
}

/** "0.0213 ± 0.0020": the error to two significant digits, the value to the same decimal place. */
export function withError(value: number | undefined, error: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '–';
  if (error === undefined || !Number.isFinite(error) || error <= 0) return plain(value);
  const decimals = 1 - Math.floor(Math.log10(error));
  if (decimals > 6) {
    const exponent = Math.floor(Math.log10(Math.max(Math.abs(value), error)));
    const scale = 10 ** exponent;
    const places = Math.max(0, Math.min(6, decimals + exponent));
    return `(${signed((value / scale).toFixed(places))} ± ${(error / scale).toFixed(places)})e${signed(String(exponent))}`;
  }
  const places = Math.max(0, decimals);
  return `${signed(value.toFixed(places))} ± ${error.toFixed(places)}`;
}

/** With its first letter as a sentence has it. */
export function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function signed(text: string): string {
  if (!text.startsWith('-')) return text;
  return /[1-9]/.test(text) ? MINUS + text.slice(1) : text.slice(1);
}
