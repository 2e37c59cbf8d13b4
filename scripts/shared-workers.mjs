/**
 * The engine's worker shares its chunks with the built page. Left to itself, the build tool makes a bundle of every worker, and what page and
 * engine both need (experiments' descriptions, sizes, the configuration of runs, the checks of schemas) would be fetched and held twice.
 */
import { fileURLToPath, pathToFileURL } from 'node:url';

/** How sources name the script of the worker that every visit starts; the others are rare and keep bundles of their own. */
const named = /new URL\(\s*'(\.[^']*\/engine\.worker\.ts)'\s*,\s*import\.meta\.url\s*\)/;
/** The build tool's helper of dynamic imports: it adds preloads to the document, which a worker has not. */
const helper = /\0vite\/preload-helper\.js$/;
const helperStart = /function preload\((\w+),[^)]*\) \{/;

/** @returns {import('vite').Plugin[]} of the build alone: the development server has no chunks */
export function sharedWorkers() {
  return [
    {
      name: 'shared-workers',
      apply: 'build',
      enforce: 'pre',
      transform: {
        filter: { id: /\.tsx?$/, code: named },
        handler(code, id) {
          const [address = '', path = ''] = named.exec(code) ?? [];
          const script = this.emitFile({ type: 'chunk', id: fileURLToPath(new URL(path, pathToFileURL(id))) });
          return { code: code.replace(address, `import.meta.ROLLUP_FILE_URL_${script}`), map: null };
        },
      },
      config: () => ({
        // A worker's own lists of what to preload would be ballast.
        build: {
          modulePreload: {
            resolveDependencies: (_file, parts, { hostId }) => (hostId.includes('.worker-') ? [] : parts),
          },
        },
      }),
    },
    {
      name: 'imports-without-document',
      apply: 'build',
      enforce: 'post',
      transform: {
        filter: { id: helper },
        handler(code) {
          if (!helperStart.test(code)) this.error('The build tool preloads otherwise than this plugin knows.');
          return { code: code.replace(helperStart, "$& if (!('document' in globalThis)) return $1();"), map: null };
        },
      },
    },
  ];
}
