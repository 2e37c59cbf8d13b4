import { type KeyboardEvent, type ReactNode, useCallback, useId, useRef, useState } from 'react';
import type { Drawing, Pen } from '../pen.ts';
import classes from './Figure.module.css';
import { Picture } from './Picture.tsx';
import { nearestPlace, placeByKey } from './places.ts';

interface PlacePictureProps {
  /** What is shown, in words. */
  readonly label: string;
  readonly drawing: Drawing;
  /** Where along the x axis (or down, with `down`) something is read off, ascending, px. */
  readonly places: (width: number) => ArrayLike<number>;
  readonly down?: boolean;
  /** What is read off at a place. */
  readonly words: (place: number) => ReactNode;
  readonly hint?: ReactNode;
  /** Marks a place above the drawing. */
  readonly mark: (pen: Pen, width: number, height: number, place: number) => void;
  /** Of the box that the picture lies in; where that scrolls, keys bring what they come to into sight. */
  readonly className?: string;
  readonly testId?: string;
}

/** A drawing that is read off along one axis: by the pointer, or by arrow keys. */
export function PlacePicture(props: PlacePictureProps) {
  const { label, drawing, places, down = false, words, hint, mark, className, testId } = props;
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  const [at, setAt] = useState<{ readonly place: number; readonly byKey: boolean }>();
  const place = at?.place;
  const overlay = useCallback(
    (pen: Pen, width: number, height: number) => place !== undefined && mark(pen, width, height, place),
    [mark, place],
  );
  const onKey = (event: KeyboardEvent, width: number) => {
    const next = placeByKey(place, event.key, places(width).length, down);
    if (next === undefined) return;
    event.preventDefault();
    setAt({ place: next, byKey: true });
    if (down) bringIntoSight(box.current!, places(width)[next]);
  };
  return (
    <div>
      <div ref={box} className={className}>
        <Picture
          label={label}
          drawing={drawing}
          overlay={overlay}
          onPoint={(point, width) => {
            const next = point && nearestPlace(places(width), down ? point.y : point.x);
            if (next !== place) setAt(next === undefined ? undefined : { place: next, byKey: false });
          }}
          onKey={onKey}
          onBlur={() => setAt(undefined)}
          describedBy={id}
          testId={testId}
        />
      </div>
      <p id={id} className={classes.spot} aria-live={at?.byKey ? 'polite' : 'off'}>
        {place === undefined ? (hint ?? 'Point at the picture, or use arrow keys.') : words(place)}
      </p>
    </div>
  );
}

/** px between what is read off and the edge of its box. */
const EDGE = 40;

function bringIntoSight(box: HTMLElement, y: number): void {
  if (y < box.scrollTop + EDGE) box.scrollTop = y - EDGE;
  else if (y > box.scrollTop + box.clientHeight - EDGE) box.scrollTop = y - box.clientHeight + EDGE;
}
