/**
 * `npm start`: from a bare clone to the page in a browser. Installs dependencies when they are missing, builds the page when its
 * sources are newer than dist/, serves it on a loopback port and opens it. The built page is served rather than a development
 * server because it is there sooner: one small bundle against hundreds of modules transformed while the reader waits.
 * `npm run dev` is the development server.
 */
import { parseArgs } from 'node:util';
import { ensurePage } from './build.mjs';
import { root } from './locate.mjs';
import { freePort, loopback } from './ports.mjs';
import { ensureDependencies, ensureNode } from './setup.mjs';

const usage = `npm start [-- options]
  --port <n>   port on ${loopback}; without it, the first free one from 5173 up
  --no-open    do not open a browser`;

/** Whether a browser window could appear for whoever typed the command. */
function hasDisplay() {
  if (process.env.CI) return false;
  if (process.platform !== 'linux') return !process.env.SSH_CONNECTION;
  return Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
}

/** @param {string | undefined} text */
async function choosePort(text) {
  if (text === undefined) return freePort(5173);
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  throw new Error(`--port: "${text}" is not a port. Give a whole number from 1 to 65535.`);
}

async function main() {
  const { values } = parseArgs({
    options: { port: { type: 'string' }, 'no-open': { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  ensureNode();
  const port = await choosePort(values.port);
  ensureDependencies();
  await ensurePage();
  const vite = await import('vite');
  const open = !values['no-open'] && hasDisplay();
  const server = await vite.preview({ root, preview: { host: loopback, port, strictPort: true, open } });
  console.log(`\n  Lockstep is at http://${loopback}:${port}/\n  Nothing leaves this machine. Ctrl-C stops it.\n`);
  const stop = () => {
    server.close().finally(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
