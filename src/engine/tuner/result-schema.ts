/** What a remembered result of the tuner must be for the planner, the page and the terminal to use it. */
import * as v from 'valibot';
import { PRECISIONS } from '../../gpu/precision.ts';
import type { TuningResult } from './types.ts';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const size = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const maybe = v.nullable(v.number());
const cap = v.picklist(['budget', 'binding', 'buffer', 'workgroups', 'items']);

const trial = {
  chunk: size,
  attempt: count,
  bytes: v.number(),
  verdict: v.picklist(['measured', 'failed', 'cut']),
  reason: v.string(),
  itemsPerSecond: maybe,
  chunkMs: maybe,
  basis: v.nullable(v.picklist(['whole', 'estimate'])),
  steps: count,
  spread: maybe,
  readbackMsPerItem: maybe,
  tookMs: v.number(),
} as const;

export const tuningResult: v.GenericSchema<unknown, TuningResult> = v.object({
  key: v.object({
    adapter: v.object({ name: v.string(), vendor: v.string(), architecture: v.string() }),
    runtime: v.string(),
    workload: v.string(),
    precision: v.picklist(PRECISIONS),
    work: v.string(),
    items: count,
    appVersion: v.string(),
  }),
  date: v.string(),
  software: v.boolean(),
  itemName: v.object({ one: v.string(), many: v.string() }),
  caps: v.object({
    caps: v.array(v.object({ name: cap, limit: v.string(), chunk: count })),
    binding: cap,
    largest: count,
  }),
  probe: v.object({
    trials: v.array(
      v.object({ chunk: size, bytes: v.number(), fitted: v.boolean(), ms: v.number(), reason: v.string() }),
    ),
    largestFitted: count,
    refused: v.boolean(),
  }),
  serial: v.optional(
    v.object({
      items: count,
      bytes: v.number(),
      msPerItem: v.number(),
      spread: v.number(),
      firstUseMs: v.number(),
      tookMs: v.number(),
    }),
  ),
  ladder: v.array(v.object(trial)),
  beyond: v.optional(
    v.object({
      largest: size,
      bytes: v.number(),
      trials: v.array(v.object({ ...trial, items: v.picklist(['simulated', 'repeated']) })),
      ended: v.string(),
    }),
  ),
  disturbances: v.array(v.string()),
  ladderEnded: v.string(),
  choice: v.object({
    best: size,
    bestItemsPerSecond: v.number(),
    knee: size,
    kneeItemsPerSecond: v.number(),
    largestSafe: size,
    recommended: size,
  }),
  verification: v.array(
    v.object({
      chunk: size,
      bytes: v.number(),
      passed: v.boolean(),
      items: count,
      runs: count,
      itemsPerSecond: maybe,
      firstPassItemsPerSecond: maybe,
      exportMs: maybe,
      reason: v.string(),
      tookMs: v.number(),
    }),
  ),
  recommended: size,
  recommendedBytes: v.number(),
  predictedItemsPerSecond: v.number(),
  sentence: v.string(),
  tookMs: v.number(),
});
