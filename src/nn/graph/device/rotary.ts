/** Rotary embeddings: their angles, and kernels. */
import type { Runtime } from './runtime.ts';

/** Writes cosines and sines of every rotary embedding: [position][head / 2][2], computed in f64. */
export function writeTurns(_runtime: Runtime): void {}
