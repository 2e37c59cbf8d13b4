/** The place next to a px; undefined where there is none. @param places ascending */
export function nearestPlace(places: ArrayLike<number>, px: number): number | undefined {
  let best: number | undefined;
  for (let i = 0; i < places.length; i++)
    if (best === undefined || Math.abs(places[i] - px) < Math.abs(places[best] - px)) best = i;
  return best;
}

/** Where a key leads to: arrows along the axis by one, Page Up and Down by ten, Home and End; undefined for other keys. */
export function placeByKey(from: number | undefined, key: string, count: number, down: boolean): number | undefined {
  if (count === 0) return undefined;
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  const steps: Readonly<Record<string, number | undefined>> = {
    [down ? 'ArrowDown' : 'ArrowRight']: 1,
    [down ? 'ArrowUp' : 'ArrowLeft']: -1,
    PageDown: 10,
    PageUp: -10,
  };
  const step = steps[key];
  if (step === undefined) return undefined;
  return from === undefined ? 0 : Math.max(0, Math.min(count - 1, from + step));
}
