import { MantineProvider } from '@mantine/core';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './ui/theme/mantine.css';
import './ui/theme/tokens.css';
import { App } from './ui/App.tsx';
import { cssVariables, theme } from './ui/theme/theme.ts';

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
