/** Numbers as people read them, on the page and in tables. Every function is pure; errors are written as the Particle Data Group does. */

const GROUPED = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
/** A true minus sign: as wide as a plus, so columns of signed numbers line up. */
const MINUS = '−';

/** "12,582"; a dash where there is no number. */
export function grouped(value: number): string {
  return Number.isNaN(value) ? '–' : GROUPED.format(value);
}

/** A number with so many decimals and a true minus, scientific from 1e9 on (R̂ of chains that never move); a dash where there is none. */
export function fixed(value: number, decimals: number): string {
  if (Number.isFinite(value) && Math.abs(value) >= 1e9) return scientific(value, 1);
  return Number.isFinite(value) ? signed(value.toFixed(decimals)) : '–';
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

/** With a true minus, and none before a zero. */
export function signed(text: string): string {
  if (!text.startsWith('-')) return text;
  return /[1-9]/.test(text) ? MINUS + text.slice(1) : text.slice(1);
}
