/** How a turned surface is seen: without perspective, so that equal heights look equal everywhere. */

export interface Turn {
  /** About the upright axis, radians. */
  readonly yaw: number;
  /** From the side (0) to from above (π/2), radians. */
  readonly tilt: number;
}

export interface Seen {
  /** To the right and upwards, in the units of the plane. */
  readonly x: number;
  readonly y: number;
  /** Farther away is larger. */
  readonly depth: number;
}

/** A point of the plane (x to the right, y away, z up) as it is seen. */
export function see({ yaw, tilt }: Turn, x: number, y: number, z: number): Seen {
  const [right, away] = [x * Math.cos(yaw) - y * Math.sin(yaw), x * Math.sin(yaw) + y * Math.cos(yaw)];
  return {
    x: right,
    y: away * Math.sin(tilt) + z * Math.cos(tilt),
    depth: away * Math.cos(tilt) - z * Math.sin(tilt),
  };
}

/** From the right front, a bit above. */
export const FIRST_TURN: Turn = { yaw: Math.PI / 6, tilt: Math.PI / 5 };

const LOWEST = Math.PI / 36;

/** Turned further; a surface is never seen from below. */
export function turned({ yaw, tilt }: Turn, byYaw: number, byTilt: number): Turn {
  const round = 2 * Math.PI;
  return {
    yaw: (((yaw + byYaw) % round) + round) % round,
    tilt: Math.max(LOWEST, Math.min(Math.PI / 2, tilt + byTilt)),
  };
}

const KEY_TURN = Math.PI / 36;

/** Where a key turns to: arrows by 5°, Home to the start; undefined for other keys. */
export function turnByKey(turn: Turn, key: string): Turn | undefined {
  if (key === 'Home') return FIRST_TURN;
  if (key === 'ArrowLeft') return turned(turn, KEY_TURN, 0);
  if (key === 'ArrowRight') return turned(turn, -KEY_TURN, 0);
  if (key === 'ArrowUp') return turned(turn, 0, KEY_TURN);
  return key === 'ArrowDown' ? turned(turn, 0, -KEY_TURN) : undefined;
}
