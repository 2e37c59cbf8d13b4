import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

/** The accent: an indigo whose shade 7 carries white text at 7:1 and whose shade 4 reads on the dark panels at 6:1. */
const indigo: MantineColorsTuple = [
  '#eef1ff',
  '#dde2fb',
  '#bcc6f3',
  '#9aaaee',
  '#8fa0f2',
  '#6478df',
  '#4a5ed0',
  '#3446b8',
  '#2b3a99',
  '#212d77',
];

/** Mantine's dark neutrals, moved from brownish grey to the blue-grey of the panels. */
const slate: MantineColorsTuple = [
  '#e4e8f1',
  '#c6cddc',
  '#9aa4b8',
  '#6d788d',
  '#3a4659',
  '#303b4c',
  '#1a212d',
  '#141a24',
  '#0d1118',
  '#080b10',
];

export const theme = createTheme({
  primaryColor: 'lock',
  primaryShade: { light: 7, dark: 6 },
  colors: { lock: indigo, dark: slate },
  fontFamily:
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'Liberation Sans', sans-serif",
  fontFamilyMonospace:
    "ui-monospace, 'SF Mono', 'Cascadia Mono', 'JetBrains Mono', Menlo, 'DejaVu Sans Mono', monospace",
  defaultRadius: 'md',
  respectReducedMotion: true,
  cursorType: 'pointer',
  focusRing: 'auto',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.9375rem', lg: '1.0625rem', xl: '1.25rem' },
});

/**
 * Mantine's own grey text falls under 4.5:1 on tinted panels; these values hold there in both schemes.
 * Everything else the page colours is a token in `tokens.css`.
 */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#f4f5f8',
    '--mantine-color-text': '#171b26',
    '--mantine-color-dimmed': '#555d70',
    '--mantine-color-error': '#a61b1b',
    '--mantine-color-placeholder': '#6b7385',
    '--mantine-color-default-border': '#c9cedb',
  },
  dark: {
    '--mantine-color-body': '#0d1118',
    '--mantine-color-text': '#e4e8f1',
    '--mantine-color-lock-light': '#2a3463',
    '--mantine-color-lock-light-hover': '#333f75',
    '--mantine-color-lock-light-color': '#cdd5ff',
    '--mantine-color-dimmed': '#9aa4b8',
    '--mantine-color-error': '#ff9c9c',
    '--mantine-color-placeholder': '#8a94a8',
    '--mantine-color-default': '#1a212d',
    '--mantine-color-default-hover': '#232c3b',
    '--mantine-color-default-border': '#374253',
  },
});
