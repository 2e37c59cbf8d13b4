import { ActionIcon, Kbd } from '@mantine/core';
import { InfoPopover } from '../shared/InfoPopover.tsx';
import { HelpIcon } from '../shared/icons.tsx';
import text from '../shared/text.module.css';
import { showFaults } from '../state/actions.ts';
import { stepWords } from '../state/config.ts';
import { useStore } from '../state/store.ts';
import classes from './Header.module.css';

const shortcuts = (step: string): readonly (readonly [string, string])[] => [
  ['R', 'Run, or go on after a pause'],
  ['Space', 'Pause and go on'],
  ['S', `Step: ${step}`],
  ['E', 'Export the results'],
];

/** What the page is, and its keys. */
export function Help() {
  const step = useStore(stepWords);
  return (
    <InfoPopover
      label="Help"
      width={320}
      className={classes.details}
      target={
        <ActionIcon variant="default" size={30} aria-label="Help and keyboard shortcuts">
          <HelpIcon />
        </ActionIcon>
      }
    >
      {(leave) => (
        <>
          <h2>How to use this page</h2>
          <dl>
            {shortcuts(step).map(([key, what]) => (
              <div key={key} style={{ display: 'contents' }}>
                <dt>
                  <Kbd size="xs">{key}</Kbd>
                </dt>
                <dd>{what}</dd>
              </div>
            ))}
          </dl>
          <p>
            Choose a preset, press Run, and read the answer under Results. Words underlined with dots and question marks
            explain themselves. The Learn tab tells what is computed and how to judge it.
          </p>
          <p>Everything runs in this tab on your own hardware: no data leaves the browser.</p>
          <p>
            <button
              type="button"
              className={text.link}
              onClick={() => {
                leave();
                showFaults(true);
              }}
              data-testid="help-faults"
            >
              Faults on demand, for teaching
            </button>
          </p>
        </>
      )}
    </InfoPopover>
  );
}
