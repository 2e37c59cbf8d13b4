/** failures.json: what a run did not finish, and what it survived; written, and read back. */
import * as v from 'valibot';
import { canonicalJson } from '../../bundle/json.ts';
import { readJson, record, shown, toFields } from '../../bundle/json-record.ts';
import type { ResultSummary } from '../../results/kind.ts';
import type { RunController } from '../run/controller.ts';
import { EVENT_KINDS, type RunEvent } from '../run/events.ts';
import type { FailedItem } from '../run/progress.ts';
import { unrescuedLines } from '../run/unrescued.ts';

const text = v.string();
const number = v.number();

const failed = record({ runId: text, index: number, seed: number, error: text, reason: text });

const event = record(
  {
    atMs: number,
    kind: v.picklist(
      EVENT_KINDS,
      ({ input }) => `has an event of the kind ${shown(input)}, which this version does not know`,
    ),
    message: text,
    items: v.optional(v.array(number)),
    chunkBefore: v.optional(number),
    chunkAfter: v.optional(number),
    bytesBefore: v.optional(number),
    bytesAfter: v.optional(number),
    entry: v.optional(text),
    reason: v.optional(text),
  },
  { items: 'indices' },
);

const failures = record({
  state: text,
  failed: v.array(failed),
  // Bundles of earlier versions have none.
  events: v.optional(v.array(event), []),
});

/**
 * Text of failures.json: items without a result, items whose posterior did not converge or was rescued, every split, loss and retry, and
 * how the run ended.
 */
export function failuresJson(run: RunController): string {
  const { events, outcome, problem, store } = run;
  const brief = ({ info, attempts }: ResultSummary) => ({ run_id: info.runId, index: info.index, attempts });
  const summaries = store.summaries();
  return canonicalJson({
    state: outcome?.state ?? 'running',
    error: outcome?.error && { name: outcome.error.name, message: outcome.error.message },
    failed: store.failed().map(({ info, error, reason }) => toFields(failed, { ...info, error, reason })),
    not_converged: summaries
      .filter(({ converged }) => !converged)
      .map((summary) => ({ ...brief(summary), problems: summary.problems })),
    events: events.map((each) => ({
      ...toFields(event, each),
      items: each.items?.map((index) => problem.items[index].runId),
    })),
    not_sampled_again: unrescuedLines(run),
    rescued: summaries.filter(({ converged, attempts }) => converged && attempts > 1).map(brief),
  });
}

/** What a bundle says of them. @param bundle name of the archive, for messages. @throws FileError */
export function readFailures(
  bundle: string,
  json: unknown,
): { readonly state: string; readonly failed: FailedItem[]; readonly events: RunEvent[] } {
  const { state, failed, events } = readJson(bundle, 'failures.json', failures, json);
  return {
    state,
    failed: failed.map(({ error, reason, ...info }) => ({ info: { ...info, truth: {} }, error, reason })),
    events,
  };
}
