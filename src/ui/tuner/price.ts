/** The price per hour of the comparison, which this browser remembers as it was typed. */

const PRICE = 'lockstep-price-per-hour';

/** Empty until somebody gave one, or where storage is forbidden. */
export function rememberedPrice(): string {
  try {
    return localStorage.getItem(PRICE) ?? '';
  } catch {
    return '';
  }
}

export function rememberPrice(text: string): void {
  try {
    localStorage.setItem(PRICE, text);
  } catch {
    // Nothing to do: the price holds until the page is closed.
  }
}
