/** What items.json says of every item, whatever its kind. */
import * as v from 'valibot';
import { named, numberOrNaN } from '../bundle/json-record.ts';

/** The fields of `ItemInfo`, for `record`. */
export const infoFields = {
  index: v.number(),
  runId: v.string(),
  seed: v.number(),
  truth: named(v.number()),
  // There is none where the data are images.
  observation: v.optional(v.array(numberOrNaN)),
};
