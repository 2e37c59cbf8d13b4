import { useEffect, useRef, useState } from 'react';

/** Without smooth motion a film is a few still pictures, this long each. */
const STILL_MS = 700;
const STILLS = 8;
/** Between two rounds the end is looked at. */
const REST_MS = 1500;

export const prefersStills = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches;

export interface Player {
  /** From 0 to 1. */
  readonly t: number;
  readonly playing: boolean;
  /** @param rounds how often, each from the start, with a rest in between */
  play(rounds?: number): void;
  pause(): void;
  seek(t: number): void;
}

/** The time of a film of so many seconds: plays to its end, from the start when it is there already. */
export function usePlayer(seconds: number): Player {
  const [t, setT] = useState(0);
  const [playing, setPlaying] = useState(false);
  const now = useRef(0);
  const rounds = useRef(1);
  const set = (value: number) => {
    now.current = Math.min(1, Math.max(0, value));
    setT(now.current);
  };
  const setRef = useRef(set);
  setRef.current = set;
  useEffect(() => {
    if (!playing) return;
    const advance = (by: number) => {
      setRef.current(now.current + by);
      if (now.current >= 1 && rounds.current <= 1) setPlaying(false);
    };
    if (prefersStills()) {
      const timer = setInterval(() => advance(1 / STILLS), STILL_MS);
      return () => clearInterval(timer);
    }
    let frame = 0;
    let last = performance.now();
    let rested = 0;
    const tick = (time: number) => {
      const passed = Math.max(0, time - last);
      last = time;
      if (now.current < 1 || rounds.current <= 1) advance(passed / (1000 * seconds));
      else {
        rested += passed;
        if (rested > REST_MS) {
          rested = 0;
          rounds.current--;
          setRef.current(0);
        }
      }
      frame = requestAnimationFrame(tick);
    };
    frame = requestAnimationFrame(tick);
    return () => cancelAnimationFrame(frame);
  }, [playing, seconds]);
  return {
    t,
    playing,
    play: (wanted = 1) => {
      rounds.current = wanted;
      if (now.current >= 1) set(0);
      setPlaying(true);
    },
    pause: () => setPlaying(false),
    seek: (value) => {
      setPlaying(false);
      set(value);
    },
  };
}
