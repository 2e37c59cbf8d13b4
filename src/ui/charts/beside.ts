import type { Drawing } from './pen.ts';

/** px between two drawings. */
const BETWEEN = 24;

/** Two drawings side by side, each half as wide. */
export function beside(first: Drawing, second: Drawing): Drawing {
  const half = (across: number) => (across - BETWEEN) / 2;
  return {
    height: (across) => Math.max(first.height(half(across)), second.height(half(across))),
    reach: (across) => half(across) + BETWEEN + (second.reach?.(half(across)) ?? half(across)),
    draw(pen, across, height) {
      first.draw(pen, half(across), height);
      pen.save();
      pen.translate(half(across) + BETWEEN, 0);
      second.draw(pen, half(across), height);
      pen.restore();
    },
  };
}
