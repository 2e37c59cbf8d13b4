import { MantineProvider } from '@mantine/core';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './ui/theme/mantine.css';
import './ui/theme/tokens.css';
import { App } from './ui/App.tsx';
import { showError } from './ui/state/actions/refusals.ts';
import { initialConfig } from './ui/state/config.ts';
import { getToKnowAddressed } from './ui/state/known-experiments.ts';
import { useStore } from './ui/state/store.ts';
import { cssVariables, theme } from './ui/theme/theme.ts';

/** The store begins with what is known of the address without that. Where it cannot be fetched, the page begins as without an address. */
async function readAddress(): Promise<void> {
  const { search } = window.location;
  try {
    await getToKnowAddressed(search);
    useStore.setState({ config: initialConfig(search) });
  } catch (error) {
    useStore.setState({ config: initialConfig('') });
    showError(error);
  }
}

function show(): void {
  createRoot(document.getElementById('root')!).render(
    <StrictMode>
      {/* Its variables come from the theme alone: a sheet of their defaults would be a quarter of all style. */}
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        defaultColorScheme="auto"
        deduplicateCssVariables={false}
      >
        <App />
      </MantineProvider>
    </StrictMode>,
  );
}

void readAddress().then(show);
