/** Tokens of a text as boxes in lines, for files; the page lays them out itself. */
import { textWidth } from '../../../../ui/charts/pen.ts';

export interface TokenBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** px */
export const TOKEN_PX = 13;
export const TOKEN_HEIGHT = 22;
const LINE = 26;
const BETWEEN = 2;
const INSIDE = 8;

/** A box for each token, lines broken where the next has no room. */
export function stripLayout(
  tokens: readonly string[],
  across: number,
): { readonly boxes: TokenBox[]; readonly height: number } {
  let [x, y] = [0, 0];
  const boxes = tokens.map((token): TokenBox => {
    const width = Math.min(across, textWidth(token, TOKEN_PX) + INSIDE);
    if (x > 0 && x + width > across) [x, y] = [0, y + LINE];
    const box = { x, y, width };
    x += width + BETWEEN;
    return box;
  });
  return { boxes, height: y + LINE };
}
