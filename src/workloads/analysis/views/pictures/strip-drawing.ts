import { BAR_HEIGHT, drawColourBar } from '../../../../ui/charts/colour-bar.ts';
import { type Colouring, hex, inkOn, rgbOf } from '../../../../ui/charts/colour-scale.ts';
import { type Drawing, fitText, fontOf, tokenText } from '../../../../ui/charts/pen.ts';
import type { Tokens as Theme } from '../../../../ui/shared/useTokens.ts';
import { stripLayout, TOKEN_HEIGHT, TOKEN_PX } from './strip-layout.ts';

interface Strip {
  readonly tokens: readonly string[];
  readonly values: ArrayLike<number>;
  readonly colouring: Colouring;
  /** What the colours are of. */
  readonly quantity: string;
  readonly target?: number;
}

/** Tokens in the colours of their values, as they are saved. */
export function stripDrawing({ tokens, values, colouring, quantity, target }: Strip, theme: Theme): Drawing {
  const seen = tokens.map(tokenText);
  return {
    height: (across) => stripLayout(seen, across).height + 10 + BAR_HEIGHT,
    draw(pen, across, height) {
      pen.font = fontOf(TOKEN_PX);
      pen.textAlign = 'center';
      pen.textBaseline = 'middle';
      stripLayout(seen, across).boxes.forEach(({ x, y, width }, i) => {
        const rgb = rgbOf(colouring, values[i]);
        pen.fillStyle = rgb ? hex(rgb) : theme.well;
        pen.fillRect(x, y, width, TOKEN_HEIGHT);
        pen.fillStyle = rgb ? inkOn(rgb) : theme.inkSoft;
        pen.fillText(fitText(seen[i], TOKEN_PX, across), x + width / 2, y + TOKEN_HEIGHT / 2);
        if (i !== target) return;
        pen.strokeStyle = theme.ink;
        pen.lineWidth = 2;
        pen.strokeRect(x + 1, y + 1, width - 2, TOKEN_HEIGHT - 2);
      });
      drawColourBar(pen, { x: 0, y: height - BAR_HEIGHT, width: across }, colouring, theme, quantity);
    },
  };
}
