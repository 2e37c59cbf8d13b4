/** Three significant digits without an exponent for everyday sizes. */
export function significant(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en-US', { maximumSignificantDigits: 3 });
}
