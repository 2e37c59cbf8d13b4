import { NativeSelect, Text } from '@mantine/core';
import { Fragment, Suspense, useMemo, useState } from 'react';
import { hasOwnData } from '../../engine/config/own-files.ts';
import type { ParamSpec } from '../../workloads/params.ts';
import { experimentViews } from '../../workloads/views.ts';
import { listed } from '../format.ts';
import { groupBy } from '../shared/groupBy.ts';
import { setPreset } from '../state/actions.ts';
import { presetChanges } from '../state/preset-changes.ts';
import { formExperiment } from '../state/shown.ts';
import { isActive, useStore } from '../state/store.ts';
import { BatchControl } from './BatchControl.tsx';
import classes from './Controls.module.css';
import { OwnData } from './OwnData.tsx';
import { ParamField } from './ParamField.tsx';
import { SeedField } from './SeedField.tsx';
import { Settings } from './Settings.tsx';

/** The group of parameters that the seed belongs to; the last one where an experiment has none of that name. */
const SEED_GROUP = 'Sampler';

/** The left column: everything that decides a run. Locked while one holds the device. */
export function Controls() {
  const experiment = useStore(formExperiment);
  const presetId = useStore((store) => store.config.preset);
  const active = useStore(isActive);
  const changed = useStore((store) => listed(presetChanges(store.config)));
  const preset = experiment.presets.find(({ id }) => id === presetId)!;
  // On a narrow screen the views follow the form, so the form starts short.
  const [wide] = useState(() => window.matchMedia('(min-width: 901px)').matches);
  const own = experimentViews[experiment.id]?.fields ?? {};
  const groups = useMemo(() => groupBy(experiment.params, (spec) => spec.group), [experiment]);
  const seedGroup = groups.has(SEED_GROUP) ? SEED_GROUP : [...groups.keys()].at(-1);
  return (
    <form className={classes.controls} aria-label="Configuration" onSubmit={(event) => event.preventDefault()}>
      <section className={classes.group} aria-label="Preset">
        <NativeSelect
          id="preset"
          label="Preset"
          value={presetId}
          onChange={(event) => setPreset(event.currentTarget.value)}
          data={experiment.presets.map(({ id, label }) => ({
            value: id,
            label: id === presetId && changed !== '' ? `${label} · changed` : label,
          }))}
          disabled={active}
          data-testid="preset"
        />
        <p className={classes.note}>{preset.help}</p>
        <p className={`${classes.note} ${classes.changed}`} data-testid="preset-changed">
          {changed !== '' && (
            <>
              Changed: {changed}.{' '}
              <button type="button" className={classes.link} disabled={active} onClick={() => setPreset(presetId)}>
                As the preset has it
              </button>
            </>
          )}
        </p>
      </section>
      <OwnData />
      <Settings>
        <BatchControl />
        {[...groups].map(([name, specs], index) => (
          <ParamGroup
            key={name}
            name={name}
            specs={specs}
            seed={name === seedGroup}
            open={wide && (index === 0 || specs.some(({ key }) => key in own))}
          />
        ))}
      </Settings>
      <Text size="xs" c="dimmed" className={classes.locked} data-shown={active || undefined}>
        Locked while a run holds the device. Stop it to change the configuration.
      </Text>
    </form>
  );
}

interface ParamGroupProps {
  readonly name: string;
  readonly specs: readonly ParamSpec[];
  /** Whether the seed stands below them. */
  readonly seed: boolean;
  readonly open: boolean;
}

function ParamGroup({ name, specs, seed, open }: ParamGroupProps) {
  const params = useStore((store) => store.config.params);
  const own = useStore((store) => experimentViews[store.config.workload]?.fields);
  const ownData = useStore(({ config, files }) => hasOwnData(formExperiment({ config }), files));
  // What a file says of the form must not be hidden.
  const stated = useStore(({ plan }) => plan?.stated.some(({ key }) => specs.some((spec) => spec.key === key)));
  const all = specs.filter((spec) => spec.when?.(params) ?? true);
  const [idle, shown] = [true, false].map((at) => all.filter(({ simulates = false }) => (simulates && ownData) === at));
  // A group of nothing but further settings is closed itself; it needs no second door.
  const simple = shown.some((spec) => !spec.advanced);
  const basic = simple ? shown.filter((spec) => !spec.advanced) : shown;
  const advanced = simple ? shown.filter((spec) => spec.advanced) : [];
  if (all.length === 0) return null;
  return (
    <details className={classes.group} open={open || stated}>
      <summary className={classes.summary}>{name}</summary>
      <div className={classes.fields}>
        {basic.map((spec) => {
          const Above = own?.[spec.key];
          return (
            <Fragment key={spec.key}>
              {Above && (
                <Suspense>
                  <Above />
                </Suspense>
              )}
              <ParamField spec={spec} />
            </Fragment>
          );
        })}
        {seed && <SeedField />}
      </div>
      {idle.length > 0 && (
        <details className={classes.more}>
          <summary className={classes.moreSummary}>Not used with your own data ({idle.length})</summary>
          <fieldset className={classes.fields} disabled>
            {idle.map((spec) => (
              <ParamField key={spec.key} spec={spec} />
            ))}
          </fieldset>
        </details>
      )}
      {advanced.length > 0 && (
        <details className={classes.more}>
          <summary className={classes.moreSummary}>More settings ({advanced.length})</summary>
          <div className={classes.fields}>
            {advanced.map((spec) => (
              <ParamField key={spec.key} spec={spec} />
            ))}
          </div>
        </details>
      )}
    </details>
  );
}
