import { type HTMLAttributes, type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import classes from './Beside.module.css';

interface BesideProps extends HTMLAttributes<HTMLDivElement> {
  /** What it belongs to; a press there is not one outside of the box. */
  readonly of: RefObject<HTMLElement | null>;
  /** Where it stands if there is room; else on the other side. */
  readonly side: 'above' | 'below';
  /** Which edge, or the middle, it shares with what it belongs to. */
  readonly align: 'middle' | 'end';
  readonly width: number;
  /** Escape, or a press outside. */
  readonly onClose: () => void;
}

/** Room to what it belongs to, and to the edges of the window, px. */
const GAP = 8;

/**
 * A box of text beside a button, within the window wherever the page is scrolled to. Its own few lines rather than a library's, whose
 * popover would be a tenth of the first load.
 */
export function Beside({ of, side, align, width, onClose, className, ...rest }: BesideProps) {
  const box = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  useLayoutEffect(() => {
    const place = () => box.current && of.current && placeBeside(box.current, of.current, side, align);
    place();
    window.addEventListener('resize', place);
    document.addEventListener('scroll', place, { capture: true, passive: true });
    return () => {
      window.removeEventListener('resize', place);
      document.removeEventListener('scroll', place, { capture: true });
    };
  });
  useEffect(() => {
    const pressed = ({ target }: Event) => {
      if (!box.current?.contains(target as Node) && !of.current?.contains(target as Node)) close.current();
    };
    const leave = ({ key }: KeyboardEvent) => {
      if (key === 'Escape') close.current();
    };
    document.addEventListener('pointerdown', pressed);
    document.addEventListener('keydown', leave);
    return () => {
      document.removeEventListener('pointerdown', pressed);
      document.removeEventListener('keydown', leave);
    };
  }, [of]);
  return (
    <div
      ref={box}
      className={`${classes.box} ${className ?? ''}`}
      style={{ width: `min(${width}px, calc(100vw - ${2 * GAP}px))` }}
      {...rest}
    />
  );
}

/** Moves the box to where it belongs, and its point to the middle of what it belongs to. */
function placeBeside(box: HTMLElement, of: HTMLElement, side: 'above' | 'below', align: 'middle' | 'end'): void {
  const at = of.getBoundingClientRect();
  const { width, height } = box.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  const above = at.top - GAP - height;
  const below = at.bottom + GAP;
  const fits = side === 'above' ? above >= GAP : below + height <= clientHeight - GAP || above < GAP;
  const isAbove = (side === 'above') === fits;
  const wanted = align === 'end' ? at.right - width : (at.left + at.right - width) / 2;
  const left = Math.max(GAP, Math.min(wanted, clientWidth - width - GAP));
  box.style.left = `${left}px`;
  box.style.top = `${isAbove ? above : below}px`;
  box.style.setProperty('--point', `${(at.left + at.right) / 2 - left}px`);
  box.dataset.side = isAbove ? 'above' : 'below';
}
