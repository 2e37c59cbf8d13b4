import { ActionIcon, Button, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useState } from 'react';
import { listed } from '../format.ts';
import { MoonIcon, ShareIcon, SunIcon } from '../shared/icons.tsx';
import { notify, useStore } from '../state/store.ts';
import { AdapterBadge } from './AdapterBadge.tsx';
import { ExperimentSwitch } from './ExperimentSwitch.tsx';
import classes from './Header.module.css';
import { Help } from './Help.tsx';
import { Mark } from './Mark.tsx';

const SAID_MS = 2500;

/** Product, experiment, adapter, and the page's own switches. */
export function Header() {
  return (
    <header className={classes.header}>
      <h1 className={classes.product}>
        <Mark />
        Lockstep
      </h1>
      <ExperimentSwitch />
      <div className={classes.tools}>
        <AdapterBadge />
        <Share />
        <SchemeToggle />
        <Help />
      </div>
    </header>
  );
}

function Share() {
  const [copied, setCopied] = useState(false);
  const config = useStore((store) => store.config);
  const share = async () => {
    try {
      await navigator.clipboard.writeText(window.location.href);
      setCopied(true);
      const own = Object.values(useStore.getState().files).flatMap((file) => file?.name ?? []);
      if (own.length > 0)
        notify({
          tone: 'info',
          key: 'link',
          message: `The link is copied, without ${listed(own)}.`,
          todo: 'Your own files never go into it: whoever opens it must load them, or runs the same settings on other data.',
        });
      setTimeout(() => setCopied(false), SAID_MS);
    } catch {
      notify({
        tone: 'info',
        message: 'This browser does not let the page write to the clipboard.',
        todo: 'Copy the address from the address bar: it holds the whole configuration.',
      });
    }
  };
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={<ShareIcon />}
      onClick={share}
      className={classes.share}
      title={`Copies a link with the whole configuration, seed ${config.seed} included. Your own files never go into it.`}
    >
      <span className={classes.shareText} aria-live="polite">
        {copied ? 'Copied' : 'Share'}
      </span>
    </Button>
  );
}

function SchemeToggle() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const next = scheme === 'dark' ? 'light' : 'dark';
  return (
    <ActionIcon
      variant="default"
      size={30}
      aria-label={`Switch to the ${next} scheme`}
      onClick={() => setColorScheme(next)}
    >
      {scheme === 'dark' ? <SunIcon /> : <MoonIcon />}
    </ActionIcon>
  );
}
