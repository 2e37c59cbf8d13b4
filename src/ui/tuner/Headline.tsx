import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { ageInWords } from '../../engine/tuner/age.ts';
import { beyondSentence } from '../../engine/tuner/beyond-table.ts';
import { realRun } from '../../engine/tuner/comparison.ts';
import { DISTURBED } from '../../engine/tuner/disturbance.ts';
import type { TuningResult } from '../../engine/tuner/types.ts';
import { compact, grouped } from '../format.ts';
import { WarnIcon } from '../shared/icons.tsx';
import { setBatch } from '../state/actions.ts';
import { isActive, useStore } from '../state/store.ts';
import { forgetTuning } from '../state/tuning.ts';
import classes from './Tuner.module.css';

const MINUTE_MS = 60_000;

/** What was found, how old that is and what it holds for, and what to do with it. */
export function Headline({ result }: { readonly result: TuningResult }) {
  const { sentence, key, recommended, itemName, software, disturbances, tookMs } = result;
  const batch = useStore((store) => store.config.batch.size);
  const chunk = useStore((store) => store.plan?.chunk);
  const busy = useStore(isActive);
  return (
    <div className={classes.headline}>
      <p className={classes.sentence} role="status" data-testid="tuning-sentence">
        {sentence}.
      </p>
      <p className={classes.soft}>
        {realRun(result)} {firstUse(result)}Measured <Age date={result.date} /> on {key.adapter.name} (
        {shortRuntime(key.runtime)}), for {grouped(key.items)} {key.items === 1 ? itemName.one : itemName.many} with
        these settings, {key.precision}. Tuning took {compact(tookMs / 1000)} s.
      </p>
      {result.beyond && (
        <p className={classes.soft} data-testid="tuning-beyond">
          {beyondSentence(result)}
        </p>
      )}
      {software && (
        <p className={classes.caveat}>
          <WarnIcon size={14} /> A software adapter: these timings are not a GPU&rsquo;s.
        </p>
      )}
      {disturbances.length > 0 && (
        <div className={classes.disturbed} data-testid="tuning-disturbed">
          <WarnIcon size={14} />
          <div>
            <strong>{DISTURBED}</strong>
            <ul>
              {disturbances.map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
          </div>
        </div>
      )}
      <div className={classes.actions}>
        {batch === 'auto' ? (
          <span className={classes.applied} data-testid="tuning-applied">
            {chunk === recommended || chunk === undefined
              ? `Batch size “auto” uses ${grouped(recommended)}.`
              : `Batch size “auto” uses ${grouped(chunk)}: no more fit now.`}
          </span>
        ) : batch === recommended ? (
          <span className={classes.applied} data-testid="tuning-applied">
            The batch size is {grouped(recommended)}.
          </span>
        ) : (
          <Button size="xs" disabled={busy} onClick={() => setBatch({ size: recommended })} data-testid="use-tuned">
            Use {grouped(recommended)}
          </Button>
        )}
        <Button
          size="xs"
          variant="default"
          disabled={busy}
          title="Removes this result from the browser; auto is then the batch table's size"
          onClick={() => void forgetTuning(key)}
          data-testid="forget-tuning"
        >
          Forget
        </Button>
      </div>
    </div>
  );
}

/** From here on the first use of the kernels is worth a sentence, ms. */
const NOTICED_MS = 50;

/** What a page that was opened anew takes longer, where it can be noticed. */
function firstUse({ serial }: TuningResult): string {
  const ms = serial?.firstUseMs ?? 0;
  return ms < NOTICED_MS ? '' : `The first run of a newly opened page takes ${compact(ms)} ms more. `;
}

/** "2 hours ago", kept current, with the exact time in a hint. */
function Age({ date }: { readonly date: string }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), MINUTE_MS);
    return () => clearInterval(timer);
  }, []);
  const exact = new Date(date).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
  return (
    <time dateTime={date} title={exact}>
      {ageInWords(date, Math.max(now, Date.parse(date)))}
    </time>
  );
}

/** A browser's whole user agent, in short: its last product with the version. */
function shortRuntime(runtime: string): string {
  const known = ['Edg', 'OPR', 'Firefox', 'Chrome', 'Version'];
  for (const name of known) {
    const version = runtime.match(new RegExp(`${name}/(\\d+)`))?.[1];
    if (version) return `${{ Edg: 'Edge', OPR: 'Opera', Version: 'Safari' }[name] ?? name} ${version}`;
  }
  return runtime;
}
