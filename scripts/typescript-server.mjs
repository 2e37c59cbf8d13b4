/** TypeScript of the project for scripts that run in Node: loaded through Vite, which also resolves what the page imports. */
import { root } from './locate.mjs';

/**
 * @template T
 * @param {(server: import('vite').ViteDevServer) => Promise<T>} use loads with `server.ssrLoadModule('/src/…')`; the server is closed after it
 */
export async function withTypeScript(use) {
  const { createServer } = await import('vite');
  const server = await createServer({
    root,
    configFile: false,
    appType: 'custom',
    logLevel: 'error',
    optimizeDeps: { noDiscovery: true },
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  });
  try {
    return await use(server);
  } finally {
    await server.close();
  }
}
